using System.Globalization;

namespace Pbx.Sip.Sdp;

/// <summary>A codec that this side offers or accepts.</summary>
/// <param name="Name">Encoding name, compared without case.</param>
/// <param name="PayloadType">The payload type to offer; an answer takes that of the offer.</param>
/// <param name="ClockRate">RTP clock in Hz.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Parameters">Its fmtp, or empty.</param>
internal sealed record SdpCodec(string Name, int PayloadType, int ClockRate, int Channels = 1, string Parameters = "")
{
    /// <summary>G.711 A-law.</summary>
    public static SdpCodec Pcma { get; } = new("PCMA", 8, 8000);

    /// <summary>G.711 mu-law.</summary>
    public static SdpCodec Pcmu { get; } = new("PCMU", 0, 8000);

    /// <summary>G.722, whose RTP clock is 8000 by an old mistake (RFC 3551 §4.5.2).</summary>
    public static SdpCodec G722 { get; } = new("G722", 9, 8000);

    /// <summary>The codec that was agreed with another leg, to be offered to this one.</summary>
    public static SdpCodec From(NegotiatedCodec codec) => new(codec.Name, codec.PayloadType, codec.ClockRate, codec.Channels, codec.Parameters);

    /// <summary>True for the same encoding; payload types and parameters may differ.</summary>
    public bool Matches(SdpCodec other) =>
        Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase) && Channels == other.Channels
        && (ClockRate == other.ClockRate || Name.Equals("G722", StringComparison.OrdinalIgnoreCase));

    /// <summary>What telephone-event is called.</summary>
    public const string TelephoneEvent = "telephone-event";

    /// <summary>True for payloads that are no sound of their own: telephone-event, comfort noise, redundancy.</summary>
    public bool IsAuxiliary => Name.ToUpperInvariant() is "TELEPHONE-EVENT" or "CN" or "RED" or "ULPFEC";

    /// <summary>The value of rtpmap.</summary>
    public string RtpMap => Channels > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {Name}/{ClockRate}/{Channels}")
        : string.Create(CultureInfo.InvariantCulture, $"{PayloadType} {Name}/{ClockRate}");

    /// <summary>The codecs of a media line, in order; payload types without meaning are left out.</summary>
    public static List<SdpCodec> Of(SdpMedia media)
    {
        List<SdpCodec> codecs = [];
        foreach (var format in media.Formats)
        {
            if (!byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var type) || type > 127)
                continue;
            var codec = media.AttributeOf("rtpmap", format) is { } map ? FromRtpMap(type, map) : FromStaticType(type);
            if (codec is not null)
                codecs.Add(codec with { Parameters = media.AttributeOf("fmtp", format) ?? "" });
        }
        return codecs;
    }

    private static SdpCodec? FromRtpMap(int type, string map)
    {
        var parts = map.Split('/');
        return parts.Length >= 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var clock) && clock > 0
            ? new SdpCodec(parts[0].Trim(), type, clock,
                parts.Length > 2 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var channels) ? channels : 1)
            : null;
    }

    // RFC 3551 §6, table 4: payload types that need no rtpmap.
    private static SdpCodec? FromStaticType(int type) => type switch
    {
        0 => Pcmu,
        3 => new SdpCodec("GSM", 3, 8000),
        4 => new SdpCodec("G723", 4, 8000),
        8 => Pcma,
        9 => G722,
        13 => new SdpCodec("CN", 13, 8000),
        15 => new SdpCodec("G728", 15, 8000),
        18 => new SdpCodec("G729", 18, 8000),
        _ => null,
    };
}
