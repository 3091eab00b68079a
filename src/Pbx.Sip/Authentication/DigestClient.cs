using System.Globalization;
using System.Security.Cryptography;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Authentication;

/// <summary>
/// The side that is asked: answers the challenges of a provider (RFC 3261 §22.2) and goes on using the nonce given. One for each account;
/// not for several threads at once.
/// </summary>
internal sealed class DigestClient(string user, string password)
{
    private Challenge? _current;
    private uint _count;

    private sealed record Challenge(HeaderId Header, DigestAlgorithm Algorithm, string Realm, string Nonce, string? Opaque, bool WithQop);

    /// <summary>
    /// Takes the challenge of a 401 or 407. False when it cannot be answered: no digest, no algorithm that we know, or our credentials
    /// for this very challenge were refused.
    /// </summary>
    public bool Accept(SipResponse response)
    {
        var isProxy = response.Status == 407;
        var asked = isProxy ? HeaderId.ProxyAuthenticate : HeaderId.WwwAuthenticate;
        Challenge? best = null;
        var stale = false;
        foreach (var value in response.Authentications(asked))
        {
            if (!value.IsDigest || value["realm"] is not { } realm || value["nonce"] is not { } nonce
                || DigestHash.Find(value["algorithm"]) is not { } algorithm || !CanQop(value["qop"], out var withQop)
                || algorithm <= best?.Algorithm)
                continue;
            best = new Challenge(isProxy ? HeaderId.ProxyAuthorization : HeaderId.Authorization, algorithm, realm, nonce, value["opaque"], withQop);
            stale = "true".Equals(value["stale"], StringComparison.OrdinalIgnoreCase);
        }
        if (best is null || (!stale && Equals(best.Nonce, _current?.Nonce)))
            return false;
        _current = best;
        _count = 0;
        return true;
    }

    /// <summary>
    /// Puts credentials into a request, in place of any that are there; nothing happens before the first challenge. Its CSeq must be new.
    /// </summary>
    public void Authorize(SipRequestBuilder request)
    {
        if (_current is not { } challenge)
            return;
        request.Set(challenge.Header, Credentials(challenge, request.Method, request.RequestUri.ToString()));
    }

    private string Credentials(Challenge challenge, string method, string uri)
    {
        var count = challenge.WithQop ? (++_count).ToString("x8", CultureInfo.InvariantCulture) : null;
        var clientNonce = challenge.WithQop ? RandomNumberGenerator.GetHexString(16, lowercase: true) : null;
        List<SipParameter> parameters =
        [
            new("username", user, true), new("realm", challenge.Realm, true), new("nonce", challenge.Nonce, true), new("uri", uri, true),
            new("response", DigestHash.Response(challenge.Algorithm, user, challenge.Realm, password, method, uri, challenge.Nonce, count,
                clientNonce), true),
            new("algorithm", DigestHash.NameOf(challenge.Algorithm)),
        ];
        if (challenge.WithQop)
            parameters.AddRange([new("cnonce", clientNonce, true), new("qop", "auth"), new("nc", count)]);
        if (challenge.Opaque is { } opaque)
            parameters.Add(new SipParameter("opaque", opaque, true));
        return new AuthenticationValue("Digest", SipParameters.Of(parameters)).ToString();
    }

    /// <summary>Without qop the old form is used; with qop, auth must be among the choices.</summary>
    private static bool CanQop(string? qop, out bool withQop)
    {
        withQop = qop is not null && qop.Split(',').Any(choice => choice.Trim().Equals("auth", StringComparison.OrdinalIgnoreCase));
        return qop is null || withQop;
    }
}
