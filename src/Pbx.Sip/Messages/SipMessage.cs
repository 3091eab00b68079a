using System.Net;
using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>
/// A request or response: its bytes with an index of header fields, immutable. Received and built messages are the same thing, so
/// one can be sent as it is. Typed headers are parsed on first use and kept. A message belongs to one thread at a time.
/// </summary>
internal abstract partial class SipMessage
{
    private readonly HeaderSlot[] _slots;
    private readonly int _bodyStart;
    private readonly int _bodyLength;

    /// <summary>A message over bytes that are not changed any more.</summary>
    protected SipMessage(ReadOnlyMemory<byte> bytes, HeaderSlot[] slots, int bodyStart, int bodyLength)
    {
        Bytes = bytes;
        _slots = slots;
        _bodyStart = bodyStart;
        _bodyLength = bodyLength;
    }

    /// <summary>The whole message as on the wire (folded lines unfolded).</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body => Bytes.Slice(_bodyStart, _bodyLength);

    /// <summary>The body as text.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Where it came from, set by the transport that received it; null for a message of ours.</summary>
    public IPEndPoint? Source { get; set; }

    /// <summary>The header fields in order.</summary>
    public ReadOnlySpan<HeaderSlot> Slots => _slots;

    /// <summary>The name of a header field as written.</summary>
    public string NameOf(in HeaderSlot slot) => slot.Id == HeaderId.Other ? Text(slot.NameStart, slot.NameLength) : HeaderNames.Of(slot.Id);

    /// <summary>The bytes of a header field's value.</summary>
    public ReadOnlySpan<byte> ValueOf(in HeaderSlot slot) => Bytes.Span.Slice(slot.ValueStart, slot.ValueLength);

    /// <summary>The value of the first header field of that kind; null when there is none.</summary>
    public string? Header(HeaderId id)
    {
        foreach (ref readonly var slot in Slots)
            if (slot.Id == id)
                return Text(slot.ValueStart, slot.ValueLength);
        return null;
    }

    /// <summary>The value of the first header field of that name, full or compact, in any case; null when there is none.</summary>
    public string? Header(string name)
    {
        var id = HeaderNames.Find(name);
        if (id != HeaderId.Other)
            return Header(id);
        foreach (ref readonly var slot in Slots)
            if (slot.Id == HeaderId.Other && Text(slot.NameStart, slot.NameLength).Equals(name, StringComparison.OrdinalIgnoreCase))
                return Text(slot.ValueStart, slot.ValueLength);
        return null;
    }

    /// <summary>True when there is at least one header field of that kind.</summary>
    public bool Has(HeaderId id) => Count(id) > 0;

    /// <summary>How many header fields of that kind there are; a comma list counts once.</summary>
    public int Count(HeaderId id)
    {
        var count = 0;
        foreach (ref readonly var slot in Slots)
            count += slot.Id == id ? 1 : 0;
        return count;
    }

    /// <summary>The values of all header fields of that kind, in order, not split at commas.</summary>
    public IReadOnlyList<string> Headers(HeaderId id)
    {
        List<string>? values = null;
        foreach (ref readonly var slot in Slots)
            if (slot.Id == id)
                (values ??= []).Add(Text(slot.ValueStart, slot.ValueLength));
        return values ?? (IReadOnlyList<string>)[];
    }

    /// <summary>All values of that kind split at commas outside quotes and angle brackets: Allow, Supported, Require and their like.</summary>
    public IReadOnlyList<string> Tokens(HeaderId id)
    {
        List<string>? values = null;
        foreach (ref readonly var slot in Slots)
            if (slot.Id == id)
                CommaList.Split(Text(slot.ValueStart, slot.ValueLength), values ??= []);
        return values ?? (IReadOnlyList<string>)[];
    }

    /// <summary>True when a comma list of that kind holds the token, in any case (option tags, methods, event packages).</summary>
    public bool HasToken(HeaderId id, string token)
    {
        foreach (var value in Tokens(id))
            if (value.Equals(token, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>All addresses of that kind, in order; null when one of them is malformed.</summary>
    public IReadOnlyList<NameAddress>? TryAddresses(HeaderId id)
    {
        List<NameAddress>? values = null;
        foreach (ref readonly var slot in Slots)
            if (slot.Id == id && !NameAddress.TryParseList(Text(slot.ValueStart, slot.ValueLength), values ??= []))
                return null;
        return values ?? (IReadOnlyList<NameAddress>)[];
    }

    /// <summary>All addresses of that kind, in order; empty when there are none or one of them is malformed.</summary>
    public IReadOnlyList<NameAddress> Addresses(HeaderId id) => TryAddresses(id) ?? [];

    /// <summary>Decodes a part of the message.</summary>
    protected string Text(int start, int length) => Encoding.UTF8.GetString(Bytes.Span.Slice(start, length));

    /// <summary>The whole message as text; for traces and tests.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
