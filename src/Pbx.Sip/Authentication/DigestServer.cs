using System.Globalization;
using System.Net;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Authentication;

/// <summary>How the credentials of a request were judged.</summary>
internal enum DigestVerdict
{
    /// <summary>None for our realm: challenge.</summary>
    Missing,
    /// <summary>Wrong user, password or algorithm, for a fresh nonce of ours that was made for this very address: challenge again, or refuse.</summary>
    Wrong,
    /// <summary>
    /// The nonce is not fresh, or its count was used before: challenge with <c>stale=true</c>, and the device tries again by itself. Nothing is
    /// said of the password: whoever makes up nonces could otherwise try passwords that nobody counts.
    /// </summary>
    Stale,
    /// <summary>Not to be understood, or for another Request-URI: 400 (RFC 7616 §3.4.6).</summary>
    Malformed,
    /// <summary>Right.</summary>
    Right,
}

/// <summary>What credentials are worth before their user is known.</summary>
internal enum CredentialsState
{
    /// <summary>There are none for our realm.</summary>
    None,
    /// <summary>They answer an old nonce, one of another address, or one that is not ours.</summary>
    Stale,
    /// <summary>They answer a fresh nonce that was made for this address.</summary>
    Fresh,
}

/// <summary>A verdict with the user name that was given; null when there was none.</summary>
internal readonly record struct DigestCheck(DigestVerdict Verdict, string? UserName);

/// <summary>What is known of a user: the password and the algorithms that are accepted.</summary>
internal sealed record DigestUser(string Password, IReadOnlyList<DigestAlgorithm> Algorithms);

/// <summary>
/// The side that asks: challenges and judges (RFC 3261 §22, RFC 7616, RFC 8760). Keeps no state but the counts of nonces in use. From any
/// thread. Nobody could answer a challenge of ACK or CANCEL (§22.1): the front door lets both pass without asking.
/// </summary>
internal sealed class DigestServer(Nonces nonces, NonceCounts counts, HashMeter meter)
{
    private static readonly DigestUser Nobody = new("no such user has this password", [DigestAlgorithm.Md5, DigestAlgorithm.Sha256]);

    /// <summary>With nonces of its own.</summary>
    public DigestServer()
        : this(new HashMeter())
    {
    }

    private DigestServer(HashMeter meter)
        : this(new Nonces(meter), new NonceCounts(), meter)
    {
    }

    /// <summary>Hashes computed so far, of challenges and of judgements.</summary>
    public long Hashes => meter.Total;

    /// <summary>The values of WWW-Authenticate, one for each algorithm, the strongest first (RFC 8760 §2.3).</summary>
    public IEnumerable<string> Challenges(IPAddress source, string realm, IEnumerable<DigestAlgorithm> algorithms, bool stale, DateTimeOffset now)
    {
        foreach (var algorithm in algorithms.OrderDescending())
        {
            List<SipParameter> parameters =
            [
                new("realm", realm, true), new("nonce", nonces.Create(source, realm, now), true),
                new("algorithm", DigestHash.NameOf(algorithm)), new("qop", "auth", true),
            ];
            if (stale)
                parameters.Add(new SipParameter("stale", "true"));
            yield return new AuthenticationValue("Digest", SipParameters.Of(parameters)).ToString();
        }
    }

    /// <summary>The response that asks for credentials: 401 with its challenges.</summary>
    public SipResponseBuilder Challenge(SipRequest request, string toTag, string realm, IEnumerable<DigestAlgorithm> algorithms, bool stale,
        DateTimeOffset now)
    {
        var response = SipResponseBuilder.For(request, 401, toTag);
        foreach (var challenge in Challenges(SourceOf(request), realm, algorithms, stale, now))
            response.Add(HeaderId.WwwAuthenticate, challenge);
        return response;
    }

    /// <summary>
    /// What there is to judge, without knowing any user: credentials for our realm that answer a fresh nonce made for this address. A look
    /// that costs one hash, so that nothing is kept of a request that could not be let in whatever its password.
    /// </summary>
    public CredentialsState Look(SipRequest request, string realm, DateTimeOffset now)
    {
        if (CredentialsOf(request, realm) is not { } value || value["nonce"] is not { } nonce) return CredentialsState.None;
        return nonces.Judge(nonce, SourceOf(request), realm, now, out _) == NonceState.Fresh ? CredentialsState.Fresh : CredentialsState.Stale;
    }

    /// <summary>The user name of the credentials for our realm; null when there are none.</summary>
    public static string? UserNameOf(SipRequest request, string realm) => CredentialsOf(request, realm)?["username"];

    /// <summary>Judges the credentials in Authorization.</summary>
    /// <param name="request">The request, with its source set.</param>
    /// <param name="realm">Our realm.</param>
    /// <param name="now">Now.</param>
    /// <param name="find">Finds a user; for one who is unknown the same steps are done.</param>
    public DigestCheck Check(SipRequest request, string realm, DateTimeOffset now, Func<string, DigestUser?> find) =>
        CredentialsOf(request, realm) is { } value
            ? new(Judge(value, request, realm, now, find), value["username"])
            : new(DigestVerdict.Missing, null);

    private static AuthenticationValue? CredentialsOf(SipRequest request, string realm)
    {
        if (!request.Has(HeaderId.Authorization)) return null;
        foreach (var value in request.Authentications(HeaderId.Authorization))
            if (value.IsDigest && value["realm"] == realm)
                return value;
        return null;
    }

    private DigestVerdict Judge(AuthenticationValue value, SipRequest request, string realm, DateTimeOffset now, Func<string, DigestUser?> find)
    {
        if (value["username"] is not { } userName || value["nonce"] is not { } nonce || value["uri"] is not { } uri
            || value["response"] is not { } response || !IsSameUri(uri, request) || !TryCount(value, out var count))
            return DigestVerdict.Malformed;
        // Stale before anything of the user is looked at, so that it tells nothing of the password.
        if (nonces.Judge(nonce, SourceOf(request), realm, now, out var expiresAt) == NonceState.Stale)
            return DigestVerdict.Stale;
        var found = find(userName);
        var user = found ?? Nobody;
        var algorithm = DigestHash.Find(value["algorithm"]);
        var expected = DigestHash.Response(algorithm ?? DigestAlgorithm.Md5, userName, realm, user.Password, request.Method, uri, nonce,
            count is null ? null : value["nc"], value["cnonce"], meter);
        if (!DigestHash.AreEqual(expected, response) || found is null || algorithm is not { } used || !user.Algorithms.Contains(used))
            return DigestVerdict.Wrong;
        // The old form has no count: its nonce is good for one request.
        if (!counts.TryUse(nonce, count ?? 1, expiresAt, now))
            return DigestVerdict.Stale;
        return DigestVerdict.Right;
    }

    /// <summary>qop=auth brings nc and cnonce; neither brings the old form; anything else is malformed.</summary>
    private static bool TryCount(AuthenticationValue value, out uint? count)
    {
        count = null;
        if (value["qop"] is not { } qop)
            return true;
        if (!qop.Equals("auth", StringComparison.OrdinalIgnoreCase) || value["cnonce"] is null || value["nc"] is not { Length: 8 } text
            || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            return false;
        count = number;
        return true;
    }

    private static bool IsSameUri(string uri, SipRequest request) =>
        uri == request.RequestUriText || (SipUri.TryParse(uri, out var given) && given.IsEquivalentTo(request.RequestUri));

    private static IPAddress SourceOf(SipRequest request) => request.Source?.Address ?? IPAddress.None;
}
