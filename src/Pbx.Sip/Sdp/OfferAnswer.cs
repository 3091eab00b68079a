using System.Globalization;
using System.Net;
using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>The answer to an offer with what it means; both null when nothing in the offer can be used (488).</summary>
internal readonly record struct OfferAnswerResult(SdpSession? Session, NegotiatedMedia? Media)
{
    /// <summary>True when there is something to answer with.</summary>
    public bool IsAcceptable => Session is not null;
}

/// <summary>Offer and answer for one audio stream (RFC 3264), as pure functions.</summary>
internal static class OfferAnswer
{
    /// <summary>
    /// Makes an offer. A later one in the same session names every media line of before (§8) and keeps payload types (§8.3.2).
    /// </summary>
    /// <param name="local">What this side wants.</param>
    /// <param name="previous">What this side described last in the session; null for the first offer.</param>
    public static SdpSession MakeOffer(LocalDescription local, SdpSession? previous = null)
    {
        var index = previous is null ? -1 : IndexOfActiveAudio(previous);
        var known = index < 0 ? [] : SdpCodec.Of(previous!.Media[index]);
        var codecs = Assign(local, known);
        var events = known.Find(codec => codec.Name == SdpCodec.TelephoneEvent)?.PayloadType ?? local.TelephoneEvent;
        var (protocol, keys) = KeyExchange.Offer(local.Security, index < 0 ? null : previous!.Media[index].Protocol);
        var audio = Audio(local, protocol, codecs, local.TelephoneEvent is null ? null : Free(events, codecs), local.Direction, local.RtcpMux, keys);
        if (previous is null)
            return Session(local, [audio]);
        var media = previous.Media.Select((line, i) => i == index ? audio : Rejected(line));
        return Session(local, index < 0 ? [.. media, audio] : [.. media]);
    }

    /// <summary>
    /// Answers an offer: its first usable audio line is accepted, where encryption is preferred the first encrypted one; all others are rejected
    /// with port 0 (§6).
    /// </summary>
    public static OfferAnswerResult Answer(SdpSession offer, LocalDescription local)
    {
        var best = -1;
        (SdpMedia Line, NegotiatedMedia Media)? answer = null;
        for (var i = 0; i < offer.Media.Count; i++)
        {
            if (TryAnswer(offer, offer.Media[i], local) is not { } possible)
                continue;
            var better = local.Security.Policy != CallSecurity.ClearAllowed && possible.Media.Keying is not null && answer?.Media.Keying is null;
            if (answer is null || better)
                (best, answer) = (i, possible);
        }
        return answer is not { } chosen ? default
            : new(Session(local, [.. offer.Media.Select((other, j) => j == best ? chosen.Line : Rejected(other))]), chosen.Media);
    }

    /// <summary>Reads the answer to an offer of ours; null when it accepts no audio, or none as encrypted as it must be.</summary>
    public static NegotiatedMedia? ReadAnswer(SdpSession offer, SdpSession answer, CallSecurity policy = CallSecurity.ClearAllowed)
    {
        for (var i = 0; i < Math.Min(offer.Media.Count, answer.Media.Count); i++)
        {
            var (ours, theirs) = (offer.Media[i], answer.Media[i]);
            if (!ours.IsAudio || ours.Port == 0 || !IsUsable(answer, theirs)
                || !KeyExchange.TryReadAnswer(ours, answer, theirs, policy, out var keying))
                continue;
            var offered = SdpCodec.Of(ours);
            var answered = SdpCodec.Of(theirs);
            ValueList<NegotiatedCodec> codecs =
                [.. answered.Where(codec => !codec.IsAuxiliary && offered.Exists(codec.Matches)).Select(Negotiated)];
            if (codecs.Count > 0)
                return Negotiate(answer, theirs, codecs, DirectionOf(offer, ours),
                    offered.Exists(IsTelephoneEvent) ? answered.Find(IsTelephoneEvent)?.PayloadType : null,
                    ours.Has("rtcp-mux") && theirs.Has("rtcp-mux"), keying);
        }
        return null;
    }

    /// <summary>Which way sound may go on a media line, seen from whoever wrote it (§5.1, §8.4).</summary>
    public static MediaDirection DirectionOf(SdpSession session, SdpMedia media)
    {
        var direction = Named(media.Attributes) ?? Named(session.Attributes) ?? MediaDirection.SendReceive;
        // RFC 2543's way to hold, still in use: an address of zeros means that nothing may be sent there.
        return IsUnspecified(media.Connection ?? session.Connection) ? Direction(Sends(direction), receives: false) : direction;
    }

    private static (SdpMedia Line, NegotiatedMedia Media)? TryAnswer(SdpSession offer, SdpMedia media, LocalDescription local)
    {
        if (!media.IsAudio || !IsUsable(offer, media) || KeyExchange.Answer(offer, media, local.Security) is not { } keys)
            return null;
        var offered = SdpCodec.Of(media);
        var common = Common(offered, local);
        if (common.Count == 0)
            return null;
        var events = local.TelephoneEvent is null ? null : offered.Find(IsTelephoneEvent)?.PayloadType;
        var mux = local.RtcpMux && media.Has("rtcp-mux");
        ValueList<NegotiatedCodec> codecs = [.. common.Select(pair => Negotiated(pair.Theirs))];
        var negotiated = Negotiate(offer, media, codecs, local.Direction, events, mux, keys.Keying);
        var line = Audio(local, media.Protocol, [.. common.Select(pair => pair.Ours with { PayloadType = pair.Theirs.PayloadType })], events,
            AnswerDirection(offer, media, local), mux, keys.Attributes);
        return (line, negotiated);
    }

    private static List<(SdpCodec Theirs, SdpCodec Ours)> Common(List<SdpCodec> offered, LocalDescription local)
    {
        List<(SdpCodec Theirs, SdpCodec Ours)> common = [];
        foreach (var theirs in offered)
            if (!theirs.IsAuxiliary && local.Codecs.FirstOrDefault(theirs.Matches) is { } ours && !common.Exists(pair => pair.Ours == ours))
                common.Add((theirs, ours));
        // §6.1 asks to keep the offer's order; only the other leg's codec goes before it.
        var preferred = common.FindIndex(pair => pair.Ours.Name.Equals(local.Prefer, StringComparison.OrdinalIgnoreCase));
        if (preferred > 0)
        {
            var first = common[preferred];
            common.RemoveAt(preferred);
            common.Insert(0, first);
        }
        return common;
    }

    private static bool IsUsable(SdpSession session, SdpMedia media) =>
        media.Port != 0 && media.Profile != SdpProfile.Other && !media.HasUnreadableConnection && (media.Connection ?? session.Connection) is not null;

    private static NegotiatedMedia Negotiate(SdpSession theirs, SdpMedia media, ValueList<NegotiatedCodec> codecs, MediaDirection ours,
        int? telephoneEvent, bool mux, MediaKeying? keying)
    {
        var address = media.Connection ?? theirs.Connection!;
        var direction = DirectionOf(theirs, media);
        return new NegotiatedMedia
        {
            Remote = new IPEndPoint(address, media.Port),
            RemoteRtcp = mux ? null : Rtcp(media, address),
            Codecs = codecs,
            TelephoneEvent = telephoneEvent,
            Direction = Direction(Sends(ours) && Receives(direction), Receives(ours) && Sends(direction)),
            PacketMilliseconds = PacketLength(media),
            RtcpMux = mux,
            Keying = keying,
        };
    }

    private static MediaDirection AnswerDirection(SdpSession offer, SdpMedia media, LocalDescription local)
    {
        // What the peer says is answered; zeros as address are no attribute, so they leave sendrecv as it is.
        var said = Named(media.Attributes) ?? Named(offer.Attributes) ?? MediaDirection.SendReceive;
        return Direction(Sends(local.Direction) && Receives(said), Receives(local.Direction) && Sends(said));
    }

    private static List<SdpCodec> Assign(LocalDescription local, List<SdpCodec> known)
    {
        List<SdpCodec> assigned = [];
        foreach (var codec in local.OrderedCodecs)
        {
            if (assigned.Exists(codec.Matches))
                continue;
            var type = known.Find(codec.Matches)?.PayloadType ?? codec.PayloadType;
            var taken = assigned.Exists(other => other.PayloadType == type)
                || known.Exists(other => other.PayloadType == type && !other.Matches(codec));
            assigned.Add(codec with { PayloadType = taken ? Free(96, [.. assigned, .. known]) ?? type : type });
        }
        return assigned;
    }

    private static int? Free(int? wanted, List<SdpCodec> taken)
    {
        var type = wanted;
        while (type is <= 127 && taken.Exists(codec => codec.PayloadType == type && codec.Name != SdpCodec.TelephoneEvent))
            type++;
        return type is > 127 ? null : type;
    }

    private static SdpMedia Audio(LocalDescription local, string protocol, IReadOnlyList<SdpCodec> codecs, int? telephoneEvent,
        MediaDirection direction, bool mux, ValueList<SdpAttribute> keys)
    {
        List<string> formats = [];
        List<SdpAttribute> attributes = [];
        foreach (var codec in codecs)
        {
            formats.Add(Text(codec.PayloadType));
            attributes.Add(new SdpAttribute("rtpmap", codec.RtpMap));
            if (codec.Parameters.Length > 0)
                attributes.Add(new SdpAttribute("fmtp", $"{Text(codec.PayloadType)} {codec.Parameters}"));
        }
        if (telephoneEvent is { } type)
        {
            formats.Add(Text(type));
            attributes.Add(new SdpAttribute("rtpmap", $"{Text(type)} {SdpCodec.TelephoneEvent}/8000"));
            attributes.Add(new SdpAttribute("fmtp", $"{Text(type)} 0-16"));
        }
        attributes.Add(new SdpAttribute("ptime", Text(local.PacketMilliseconds)));
        if (mux)
            attributes.Add(new SdpAttribute("rtcp-mux"));
        attributes.AddRange(keys);
        attributes.Add(new SdpAttribute(NameOf(direction)));
        return new SdpMedia { Type = "audio", Port = local.Rtp.Port, Protocol = protocol, Formats = [.. formats], Attributes = [.. attributes] };
    }

    private static SdpSession Session(LocalDescription local, ValueList<SdpMedia> media) =>
        new() { Origin = local.Origin, Connection = local.Rtp.Address, Media = media };

    private static SdpMedia Rejected(SdpMedia media) => new()
    {
        Type = media.Type, Port = 0, Protocol = media.Protocol, Formats = media.Formats,
    };

    private static int IndexOfActiveAudio(SdpSession session)
    {
        for (var i = 0; i < session.Media.Count; i++)
            if (session.Media[i].IsAudio && session.Media[i].Port != 0)
                return i;
        return -1;
    }

    private static IPEndPoint? Rtcp(SdpMedia media, IPAddress address)
    {
        // RFC 3605: port, and perhaps an address of its own.
        var parts = media.Attribute("rtcp")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (parts.Length == 0 || !ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return null;
        return new IPEndPoint(parts.Length >= 4 && IPAddress.TryParse(parts[3], out var own) ? own : address, port);
    }

    private static int PacketLength(SdpMedia media)
    {
        var length = Milliseconds("ptime") ?? 20;
        if (Milliseconds("maxptime") is { } most && most < length)
            length = most;
        // Whole tens that the codecs here can make.
        return Math.Clamp(length / 10 * 10, 10, 60);

        int? Milliseconds(string name) =>
            int.TryParse(media.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : null;
    }

    private static bool IsTelephoneEvent(SdpCodec codec) =>
        codec.Name.Equals(SdpCodec.TelephoneEvent, StringComparison.OrdinalIgnoreCase) && codec.ClockRate == 8000;

    private static NegotiatedCodec Negotiated(SdpCodec codec) =>
        new(codec.Name, codec.PayloadType, codec.Name.Equals("G722", StringComparison.OrdinalIgnoreCase) ? 8000 : codec.ClockRate,
            codec.Channels, codec.Parameters);

    private static bool IsUnspecified(IPAddress? address) => address is not null && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static bool Sends(MediaDirection direction) => direction is MediaDirection.SendReceive or MediaDirection.SendOnly;

    private static bool Receives(MediaDirection direction) => direction is MediaDirection.SendReceive or MediaDirection.ReceiveOnly;

    private static MediaDirection Direction(bool sends, bool receives) => (sends, receives) switch
    {
        (true, true) => MediaDirection.SendReceive,
        (true, false) => MediaDirection.SendOnly,
        (false, true) => MediaDirection.ReceiveOnly,
        (false, false) => MediaDirection.Inactive,
    };

    private static string NameOf(MediaDirection direction) => direction switch
    {
        MediaDirection.SendReceive => "sendrecv",
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.ReceiveOnly => "recvonly",
        MediaDirection.Inactive => "inactive",
    };

    private static MediaDirection? Named(ValueList<SdpAttribute> attributes)
    {
        foreach (var attribute in attributes)
            switch (attribute.Name.ToUpperInvariant())
            {
                case "SENDRECV": return MediaDirection.SendReceive;
                case "SENDONLY": return MediaDirection.SendOnly;
                case "RECVONLY": return MediaDirection.ReceiveOnly;
                case "INACTIVE": return MediaDirection.Inactive;
            }
        return null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
