using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Pbx.Sip.Transport;

/// <summary>
/// Our side of TLS towards phones: TLS 1.2 and 1.3, with the certificate that serves at that moment, so that a new one needs no restart.
/// Handshakes run on the thread pool and take turns, so that a storm of them leaves processor time for calls; one that waits for its peer
/// holds no turn.
/// </summary>
internal sealed class TlsServer(Func<SslStreamCertificateContext?> certificate, int turns) : IDisposable
{
    private readonly SemaphoreSlim turn = new(turns, turns);

    /// <summary>Makes a TLS stream of an accepted socket. The flow keeps what was agreed.</summary>
    /// <exception cref="AuthenticationException">No handshake was possible.</exception>
    public async Task<Stream> AuthenticateAsync(Socket accepted, Flow flow, CancellationToken cancellationToken)
    {
        var inner = new TurnTakingStream(new NetworkStream(accepted, ownsSocket: true), turn);
        var stream = new SslStream(inner);
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate() ?? throw new AuthenticationException("There is no certificate."),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
            }, cancellationToken).ConfigureAwait(false);
            inner.Finish();
            flow.Security = TlsSession.Of(stream);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}
