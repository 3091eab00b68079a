namespace Pbx.Sip.Messages;

/// <summary>Where a header field lies in the bytes of its message.</summary>
internal readonly record struct HeaderSlot(HeaderId Id, int NameStart, int NameLength, int ValueStart, int ValueLength);
