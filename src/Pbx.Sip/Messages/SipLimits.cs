namespace Pbx.Sip.Messages;

/// <summary>How large a message may be. Each limit has a test of its own.</summary>
internal sealed record SipLimits
{
    /// <summary>The limits used when nothing else is said.</summary>
    public static SipLimits Default { get; } = new();

    /// <summary>Bytes of a whole message.</summary>
    public int MessageBytes { get; init; } = 64 * 1024;

    /// <summary>Header fields of a message.</summary>
    public int Headers { get; init; } = 200;

    /// <summary>Bytes of one header field, name and folded lines included; also of the start line.</summary>
    public int HeaderBytes { get; init; } = 8 * 1024;

    /// <summary>Hops in Via.</summary>
    public int Vias { get; init; } = 70;
}
