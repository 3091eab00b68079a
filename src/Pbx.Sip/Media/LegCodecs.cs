using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>The codecs of a leg, by payload type, in tables that the packet path only indexes.</summary>
internal sealed class LegCodecs
{
    /// <summary>Comfort noise (RFC 3389), whose payload type is the same everywhere.</summary>
    public const int ComfortNoise = 13;

    private readonly NegotiatedCodec?[] byPayloadType = new NegotiatedCodec?[128];
    private readonly AudioCodec[] kinds = new AudioCodec[128];
    private readonly NegotiatedCodec[] list;

    public LegCodecs(NegotiatedMedia media)
    {
        list = [.. media.Codecs.Where(codec => codec.PayloadType is >= 0 and < 128)];
        TelephoneEvent = media.TelephoneEvent ?? -1;
        foreach (var codec in list)
        {
            byPayloadType[codec.PayloadType] ??= codec;
            kinds[codec.PayloadType] = AudioCodecs.FromName(codec.Name);
        }
        var own = Array.Find(list, codec => AudioCodecs.FromName(codec.Name) != AudioCodec.Foreign);
        Own = own is null ? AudioCodec.Foreign : AudioCodecs.FromName(own.Name);
        OwnPayloadType = own?.PayloadType ?? -1;
    }

    /// <summary>Payload type of telephone-event, or -1.</summary>
    public int TelephoneEvent { get; }

    /// <summary>The codec in which we send sound of our own; foreign when there is none.</summary>
    public AudioCodec Own { get; }

    /// <summary>Its payload type, or -1.</summary>
    public int OwnPayloadType { get; }

    /// <summary>True for a payload type that was agreed.</summary>
    public bool Has(int payloadType) => byPayloadType[payloadType] is not null;

    /// <summary>The codec of a payload type.</summary>
    public AudioCodec KindOf(int payloadType) => kinds[payloadType];

    /// <summary>Its RTP clock.</summary>
    public int ClockOf(int payloadType) => byPayloadType[payloadType]?.ClockRate ?? 8000;

    /// <summary>Its name.</summary>
    public string NameOf(int payloadType) => byPayloadType[payloadType]?.Name ?? "";

    /// <summary>The payload type under which another leg takes this codec undecoded, or -1.</summary>
    public int PayloadTypeOf(NegotiatedCodec codec)
    {
        foreach (var mine in list)
            if (mine.Name.Equals(codec.Name, StringComparison.OrdinalIgnoreCase) && mine.ClockRate == codec.ClockRate && mine.Channels == codec.Channels)
                return mine.PayloadType;
        return -1;
    }

    /// <summary>For each payload type from this leg: the one under which it is relayed to another leg.</summary>
    public short[] MapTo(LegCodecs other)
    {
        var map = new short[128];
        Array.Fill(map, Relay.Drop);
        foreach (var codec in list)
        {
            var same = other.PayloadTypeOf(codec);
            var convertible = AudioCodecs.FromName(codec.Name) != AudioCodec.Foreign && other.Own != AudioCodec.Foreign;
            map[codec.PayloadType] = same >= 0 ? (short)same : convertible ? Relay.Transcode : Relay.Drop;
        }
        if (TelephoneEvent >= 0 && other.TelephoneEvent >= 0) map[TelephoneEvent] = (short)other.TelephoneEvent;
        return map;
    }
}

/// <summary>What a relay does with a payload type that it does not simply renumber.</summary>
internal static class Relay
{
    /// <summary>The other leg cannot be given it.</summary>
    public const short Drop = -1;

    /// <summary>Decoded and encoded for the other leg.</summary>
    public const short Transcode = -2;
}
