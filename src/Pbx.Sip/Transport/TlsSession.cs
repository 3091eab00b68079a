using System.Net.Security;
using System.Security.Authentication;

namespace Pbx.Sip.Transport;

/// <summary>What a TLS handshake agreed on.</summary>
/// <param name="Version">Protocol, such as <c>TLS 1.3</c>.</param>
/// <param name="CipherSuite">IANA name of the cipher suite.</param>
internal sealed record TlsSession(string Version, string CipherSuite)
{
    /// <summary>Of a stream whose handshake is done.</summary>
    public static TlsSession Of(SslStream stream) => new(NameOf(stream.SslProtocol), stream.NegotiatedCipherSuite.ToString());

    /// <summary>Both, for people.</summary>
    public override string ToString() => $"{Version}, {CipherSuite}";

    private static string NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        _ => protocol.ToString(),
    };
}
