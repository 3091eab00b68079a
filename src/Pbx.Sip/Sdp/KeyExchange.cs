using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>What an answer says of keys; null keying: clear.</summary>
internal sealed record KeyAnswer(MediaKeying? Keying, ValueList<SdpAttribute> Attributes);

/// <summary>
/// Offer and answer for the keys of a media line, as pure functions: keys in SDP (RFC 4568) and DTLS (RFC 5763), required by the profile or
/// optional in a plain one (RFC 8643).
/// </summary>
internal static class KeyExchange
{
    private const string Setup = "setup";

    /// <summary>The profile and attributes of an offer.</summary>
    /// <param name="local">What this side brings.</param>
    /// <param name="before">The profile of the line when it was described before in the session; null: it is new.</param>
    public static (string Protocol, ValueList<SdpAttribute> Attributes) Offer(LocalSecurity local, string? before)
    {
        // RFC 5764 section 8 names the profile, RFC 8829 section 5.1.2 the one of the two that browsers insist on.
        if (local is { IsForBrowser: true, Fingerprint: not null } && (before is null || SdpProfiles.Parse(before).IsDtls()))
            return (before ?? "UDP/TLS/RTP/SAVPF", DtlsOffer(local));
        var required = local.Policy == CallSecurity.EncryptedOnly;
        var protocol = before is null || (required && local.Agreed is null && SdpProfiles.Parse(before).IsPlain()) ? required ? "RTP/SAVP" : "RTP/AVP" : before;
        return local.Agreed switch
        {
            MediaKeying.Sdes sdes => (protocol, [new SdpCrypto(1, sdes.Ours.Suite.Name(), sdes.Ours).ToAttribute()]),
            MediaKeying.Dtls => (protocol, DtlsOffer(local)),
            _ when local.Policy == CallSecurity.ClearAllowed => (protocol, []),
            _ => (protocol, [.. SdesOffer(local), .. DtlsOffer(local)]),
        };
    }

    /// <summary>Answers an offered media line; null when that cannot be under the policy.</summary>
    public static KeyAnswer? Answer(SdpSession offer, SdpMedia media, LocalSecurity local) => media.Profile switch
    {
        SdpProfile.DtlsSavp or SdpProfile.DtlsSavpf => AnswerDtls(offer, media, local),
        // Old browsers and some servers name the DTLS profile without its first part.
        SdpProfile.Savp or SdpProfile.Savpf => AnswerSdes(media, local) ?? AnswerDtls(offer, media, local),
        SdpProfile.Avp or SdpProfile.Avpf => local.Policy switch
        {
            CallSecurity.ClearAllowed => new KeyAnswer(null, []),
            CallSecurity.Preferred => AnswerSdes(media, local) ?? AnswerDtls(offer, media, local) ?? new KeyAnswer(null, []),
            CallSecurity.EncryptedOnly => AnswerSdes(media, local) ?? AnswerDtls(offer, media, local),
        },
        SdpProfile.Other => null,
    };

    /// <summary>True for a media line in use that brings keys, or a way to them, that we could take.</summary>
    public static bool HasKeys(SdpSession session, SdpMedia media) =>
        media.IsAudio && media.Port != 0 && (SdpCrypto.Of(media).Any() || SdpFingerprint.Of(session, media).Count > 0);

    /// <summary>Reads what the answer to an offer of ours says of keys; false when that must not be.</summary>
    public static bool TryReadAnswer(SdpMedia ours, SdpSession answer, SdpMedia theirs, CallSecurity policy, out MediaKeying? keying)
    {
        keying = (MediaKeying?)ReadSdes(ours, theirs) ?? ReadDtls(ours, answer, theirs);
        return keying is not null || (ours.Profile.IsPlain() && theirs.Profile.IsPlain() && policy != CallSecurity.EncryptedOnly);
    }

    private static IEnumerable<SdpAttribute> SdesOffer(LocalSecurity local) => local.Keys
        .Where(key => SrtpSuites.Offered.Contains(key.Suite))
        .Select((key, i) => new SdpCrypto(i + 1, key.Suite.Name(), key).ToAttribute());

    // RFC 5763 section 5: an offer leaves the roles to the answer.
    private static ValueList<SdpAttribute> DtlsOffer(LocalSecurity local) =>
        local.Fingerprint is { } own ? [own.ToAttribute(), new SdpAttribute(Setup, "actpass")] : [];

    // RFC 4568 section 5.1.2: the first line of the offer that we can do, named by its tag.
    private static KeyAnswer? AnswerSdes(SdpMedia media, LocalSecurity local)
    {
        foreach (var theirs in SdpCrypto.Of(media))
            if (local.Keys.FirstOrDefault(key => key.Suite == theirs.Key.Suite) is { } ours)
                return new KeyAnswer(new MediaKeying.Sdes(ours, theirs.Key), [new SdpCrypto(theirs.Tag, theirs.Name, ours).ToAttribute()]);
        return null;
    }

    private static KeyAnswer? AnswerDtls(SdpSession offer, SdpMedia media, LocalSecurity local)
    {
        if (local.Fingerprint is not { } own || SdpFingerprint.Of(offer, media) is not { Count: > 0 } theirs) return null;
        var setup = RoleOf(offer, media);
        if (setup is "HOLDCONN") return null;
        // Deviates from RFC 5763 section 5, which would rather have the answerer begin: behind a router only the phone can.
        var active = setup is "PASSIVE";
        return new KeyAnswer(new MediaKeying.Dtls(active, theirs), [own.ToAttribute(), new SdpAttribute(Setup, active ? "active" : "passive")]);
    }

    private static MediaKeying.Sdes? ReadSdes(SdpMedia ours, SdpMedia theirs)
    {
        var offered = SdpCrypto.Of(ours).ToList();
        foreach (var chosen in SdpCrypto.Of(theirs))
            if (offered.Find(line => line.Tag == chosen.Tag && line.Key.Suite == chosen.Key.Suite) is { } line)
                return new MediaKeying.Sdes(line.Key, chosen.Key);
        return null;
    }

    private static MediaKeying.Dtls? ReadDtls(SdpMedia ours, SdpSession answer, SdpMedia theirs)
    {
        if (!ours.Has(Setup) || SdpFingerprint.Of(answer, theirs) is not { Count: > 0 } fingerprints) return null;
        return RoleOf(answer, theirs) is var role && role is "HOLDCONN" ? null : new MediaKeying.Dtls(role is "PASSIVE", fingerprints);
    }

    private static string RoleOf(SdpSession session, SdpMedia media) => (media.Attribute(Setup) ?? session.Attribute(Setup) ?? "").ToUpperInvariant();
}
