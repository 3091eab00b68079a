using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Pbx.Sip.Transport;

/// <summary>Our side of TLS towards a provider: chain and name are checked, and a refusal says why in words.</summary>
internal static class TlsClient
{
    private const SslPolicyErrors None = SslPolicyErrors.None;

    /// <summary>Makes a TLS stream of a connected one. The flow keeps what was agreed.</summary>
    /// <exception cref="AuthenticationException">The peer is not whom it must be, or no handshake was possible; the message says why.</exception>
    public static async Task<Stream> AuthenticateAsync(Stream connected, TlsPeer peer, Flow flow, CancellationToken cancellationToken)
    {
        string? refusal = null;
        var stream = new SslStream(connected);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = peer.Name,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    (refusal = Judge(peer, certificate as X509Certificate2, chain, errors)) is null,
            }, cancellationToken).ConfigureAwait(false);
            flow.Security = TlsSession.Of(stream);
            return stream;
        }
        catch (AuthenticationException exception)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(refusal is null ? $"no TLS with {peer.Name}: {Innermost(exception)}" : $"{refusal}", exception);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Why the certificate is not taken; null when it is.</summary>
    internal static string? Judge(TlsPeer peer, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (peer.AcceptsAnyCertificate || errors == None) return null;
        if (certificate is null) return "the server shows no certificate";
        var isChainWrong = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);
        if (isChainWrong && peer.Authorities is { } authorities && Verify(certificate, chain, authorities) is { } why) return Words(certificate, why);
        if (isChainWrong && peer.Authorities is null) return Words(certificate, Reasons(chain));
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the certificate is not for {peer.Name} but for {NamesOf(certificate)}"
            : null;
    }

    /// <summary>Verifies with the authorities of the trunk; null when the chain is good.</summary>
    private static string? Verify(X509Certificate2 certificate, X509Chain? shown, string authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(authorities);
        if (shown is not null)
            foreach (var element in shown.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate) ? null : Reasons(chain);
    }

    private static string Words(X509Certificate2 certificate, string reasons) =>
        $"the certificate of {NamesOf(certificate)} (issued by {certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}) is not trusted: {reasons}";

    private static string Reasons(X509Chain? chain)
    {
        var reasons = (chain?.ChainStatus ?? []).Select(status => status.Status switch
        {
            X509ChainStatusFlags.NotTimeValid => "it is expired or not valid yet",
            X509ChainStatusFlags.UntrustedRoot => "its authority is not known",
            X509ChainStatusFlags.PartialChain => "its authority is not known, or the server leaves out a certificate between",
            X509ChainStatusFlags.NotSignatureValid => "its signature is wrong",
            X509ChainStatusFlags.NotValidForUsage => "it is not made for servers",
            _ => status.StatusInformation.Trim(),
        }).Distinct();
        return string.Join("; ", reasons) is { Length: > 0 } text ? text : "its chain cannot be verified";
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(address => address.ToString()))).Distinct().Take(4).ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        return exception.Message;
    }
}
