using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Pbx.Testing.Peers;

/// <summary>What phones answer to a challenge: digest with MD5, the oldest form and the one that every phone knows. Shares no code with the server.</summary>
internal static class DigestAnswer
{
    private const string ClientNonce = "abcdef01";

    /// <summary>The header field, with its line end.</summary>
    /// <param name="challenge">The value of WWW-Authenticate or Proxy-Authenticate.</param>
    /// <param name="user">User name.</param>
    /// <param name="password">Password.</param>
    /// <param name="method">Method of the request.</param>
    /// <param name="uri">Its Request-URI.</param>
    /// <param name="count">How often the nonce is used, this time included.</param>
    /// <param name="proxy">True for a challenge with 407.</param>
    public static string To(string challenge, string user, string? password, string method, string uri, int count = 1, bool proxy = false)
    {
        string Parameter(string name) => Regex.Match(challenge, name + "=\"?([^\",]+)").Groups[1].Value;
        var (realm, nonce, nc) = (Parameter("realm"), Parameter("nonce"), count.ToString("x8", CultureInfo.InvariantCulture));
        var response = Md5($"{Md5($"{user}:{realm}:{password}")}:{nonce}:{nc}:{ClientNonce}:auth:{Md5($"{method}:{uri}")}");
        return $"{(proxy ? "Proxy-Authorization" : "Authorization")}: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", "
            + $"response=\"{response}\", algorithm=MD5, cnonce=\"{ClientNonce}\", nc={nc}, qop=auth\r\n";
    }

#pragma warning disable CA5351 // RFC 3261 digest is MD5: what these phones stand for knows nothing else.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
