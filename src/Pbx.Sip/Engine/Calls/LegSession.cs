using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Pbx.Core.Common;
using Pbx.Sip.Media;
using Pbx.Sip.Sdp;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Calls;

/// <summary>
/// One leg's session: its media and what was agreed for it. Every agreement goes to media at once; each description carries the leg's
/// one port and origin (RFC 3264 section 8).
/// </summary>
internal sealed class LegSession
{
    private static readonly ValueList<SdpCodec> Own = [SdpCodec.Pcma, SdpCodec.Pcmu, SdpCodec.G722];

    private readonly IPEndPoint rtp;
    private readonly SdpVersions usual;
    private readonly SdpVersions browsers;
    private readonly CallSecurity policy;
    private readonly SdpFingerprint? fingerprint;
    private ValueList<SrtpKey> keys = LocalSecurity.NewKeys();
    private bool held;

    /// <summary>A session that nobody knows of yet.</summary>
    /// <param name="media">The leg's media.</param>
    /// <param name="address">Our address as the peer must see it.</param>
    /// <param name="policy">How strictly it is encrypted.</param>
    /// <param name="fingerprint">The certificate that media shows; null: no DTLS.</param>
    /// <param name="flow">How its signalling travels.</param>
    public LegSession(MediaLeg media, IPAddress address, CallSecurity policy, SdpFingerprint? fingerprint, Flow flow)
    {
        (Media, Flow) = (media, flow);
        (this.policy, this.fingerprint) = (policy, fingerprint);
        rtp = new IPEndPoint(address, media.Port);
        usual = NewVersions(address);
        browsers = NewVersions(address);
    }

    /// <summary>The leg's media.</summary>
    public MediaLeg Media { get; }

    /// <summary>What was agreed last; null: nothing yet.</summary>
    public NegotiatedMedia? Agreed { get; private set; }

    /// <summary>How its signalling travels; of several devices that ring, the one that spoke last or has answered.</summary>
    public Flow Flow { get; private set; }

    /// <summary>The device at its other end; null: a trunk, or no device has answered yet.</summary>
    public (string Extension, string Device)? Device { get; set; }

    /// <summary>The trunk at its other end; null: a device, or nobody has answered yet.</summary>
    public string? Trunk { get; set; }

    /// <summary>The suite that media encrypts under, as it told last.</summary>
    public SrtpSuite? Suite { get; set; }

    /// <summary>How the leg is encrypted; null: nothing was agreed yet.</summary>
    public LegProtection? Protection => Agreed is null ? null
        : new LegProtection(Flow.Transport.ToString().ToUpperInvariant(), Flow.Security?.ToString() ?? "", Agreed.Keying switch
        {
            MediaKeying.Sdes sdes => $"SDES, {sdes.Ours.Suite.Name()}",
            // The handshake chooses the suite, so it is known only after that.
            MediaKeying.Dtls => Suite is { } suite ? $"DTLS, {suite.Name()}" : "DTLS",
            _ => "",
        });

    /// <summary>
    /// What its other end has shown of its keys, as <see cref="LegProtection.Srtp"/>; null: nothing. One that was offered none, because clear sound is
    /// allowed, has not shown that it cannot.
    /// </summary>
    public string? KeysShown => Agreed is { Keying: null } && policy == CallSecurity.ClearAllowed ? null : Protection?.Srtp;

    /// <summary>Our description as it was written last.</summary>
    public string? LocalDescription { get; private set; }

    /// <summary>The codecs agreed, the one in use first.</summary>
    public IReadOnlyList<NegotiatedCodec> Codecs => Agreed?.Codecs ?? [];

    /// <summary>The codecs of the audio in an offer; empty when it cannot be read.</summary>
    public static IReadOnlyList<NegotiatedCodec> CodecsOf(string offer)
    {
        if (!SdpParser.TryParse(offer, out var session)) return [];
        var audio = session.Media.FirstOrDefault(media => media.IsAudio && media.Port != 0);
        return audio is null ? [] : [.. SdpCodec.Of(audio).Where(codec => !codec.IsAuxiliary)
            .Select(codec => new NegotiatedCodec(codec.Name, codec.PayloadType, codec.ClockRate, codec.Channels, codec.Parameters))];
    }

    /// <summary>True when an offer holds a codec that we can play to or that could be relayed at all, and encryption where that must be.</summary>
    public static bool IsUsable(string offer, CallSecurity security) => CodecsOf(offer).Count > 0
        && (security != CallSecurity.EncryptedOnly || (SdpParser.TryParse(offer, out var session) && session.Media.Any(media => KeyExchange.HasKeys(session, media))));

    /// <summary>
    /// Answers an offer and sets media by it; null when there is no common codec. With the codecs of another leg its first is preferred, and
    /// what only that leg has can be relayed.
    /// </summary>
    /// <param name="offer">The offer.</param>
    /// <param name="other">The codecs of the other leg; null: those of this one.</param>
    /// <param name="peer">Where the offer comes from.</param>
    public string? Answer(string offer, IReadOnlyList<NegotiatedCodec>? other, IPAddress peer)
    {
        if (!SdpParser.TryParse(offer, out var theirs)) return null;
        var result = OfferAnswer.Answer(theirs, Wanted(other ?? Codecs));
        if (IsKeyChanged(result.Media?.Keying))
        {
            // Who changes its key may have forgotten how often ours has gone round, so ours begins anew as well.
            keys = LocalSecurity.NewKeys();
            result = OfferAnswer.Answer(theirs, Wanted(other ?? Codecs));
        }
        if (!result.IsAcceptable) return null;
        Agree(result.Media!, peer);
        return LocalDescription = Versions.Write(result.Session!);
    }

    /// <summary>Turns to one of several devices that ring: what is said and heard from now on is with that one.</summary>
    public void TurnTo(Flow flow) => Flow = flow;

    /// <summary>
    /// Offers the codecs of another leg first, then our own, in the way of the device that it has turned to; those of the other leg alone when they can only be
    /// relayed, for whatever else were agreed, the two would not hear each other.
    /// </summary>
    public string Offer(IReadOnlyList<NegotiatedCodec>? other)
    {
        var first = other ?? Codecs;
        var wanted = Wanted(first);
        if (first.Count > 0 && !first.Any(codec => Own.Any(own => own.Matches(SdpCodec.From(codec)))))
            wanted = wanted with { Codecs = [.. first.Select(SdpCodec.From)] };
        return LocalDescription = Versions.Write(OfferAnswer.MakeOffer(wanted, Versions.Last));
    }

    /// <summary>Takes the answer to our offer; false when it agrees on nothing.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="peer">Where it comes from.</param>
    public bool TakeAnswer(string answer, IPAddress peer)
    {
        if (Versions.Last is not { } ours || !SdpParser.TryParse(answer, out var theirs)) return false;
        if (OfferAnswer.ReadAnswer(ours, theirs, policy) is not { } media) return false;
        Agree(media, peer);
        return true;
    }

    /// <summary>Whether the far end holds, if that has changed since it was asked last: it does while we may not send to it.</summary>
    public bool? TakeHoldChange()
    {
        var now = Agreed is { Direction: MediaDirection.ReceiveOnly or MediaDirection.Inactive };
        if (now == held) return null;
        held = now;
        return held;
    }

    private LocalDescription Wanted(IReadOnlyList<NegotiatedCodec> first) => new()
    {
        Rtp = rtp,
        Origin = Versions.Origin,
        Codecs = [.. first.Select(SdpCodec.From), .. Own.Where(own => !first.Any(codec => own.Matches(SdpCodec.From(codec))))],
        Prefer = first is [var favourite, ..] ? favourite.Name : null,
        Security = new LocalSecurity { Policy = policy, Keys = keys, Fingerprint = fingerprint, Agreed = Agreed?.Keying, IsForBrowser = IsBrowser },
    };

    // Browsers are who speaks SIP over WebSocket (RFC 7118).
    private bool IsBrowser => Flow.Transport is SipTransport.Ws or SipTransport.Wss;

    // Browsers among the devices that ring are offered something else than phones, so each kind has a session of its own.
    private SdpVersions Versions => IsBrowser ? browsers : usual;

    private static SdpVersions NewVersions(IPAddress address) =>
        new(RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(CultureInfo.InvariantCulture), address);

    private bool IsKeyChanged(MediaKeying? keying) =>
        keying is MediaKeying.Sdes now && Agreed?.Keying is MediaKeying.Sdes before && !now.Theirs.Equals(before.Theirs) && now.Ours.Equals(before.Ours);

    private void Agree(NegotiatedMedia media, IPAddress peer)
    {
        Agreed = media;
        Media.Configure(media, peer);
    }
}
