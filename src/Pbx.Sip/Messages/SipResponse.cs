namespace Pbx.Sip.Messages;

/// <summary>A response.</summary>
internal sealed class SipResponse : SipMessage
{
    /// <summary>A response over bytes that are not changed any more.</summary>
    public SipResponse(int status, string reason, ReadOnlyMemory<byte> bytes, HeaderSlot[] slots, int bodyStart, int bodyLength)
        : base(bytes, slots, bodyStart, bodyLength)
    {
        Status = status;
        Reason = reason;
    }

    /// <summary>The status code, 100 to 699.</summary>
    public int Status { get; }

    /// <summary>The reason phrase; may be empty.</summary>
    public string Reason { get; }

    /// <summary>1xx.</summary>
    public bool IsProvisional => Status < 200;

    /// <summary>2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>200 or more.</summary>
    public bool IsFinal => Status >= 200;
}
