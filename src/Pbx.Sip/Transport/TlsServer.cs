using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Pbx.Sip.Network;

namespace Pbx.Sip.Transport;

/// <summary>
/// Our side of TLS towards phones: TLS 1.2 and 1.3, with the certificate that serves at that moment, so that a new one needs no restart.
/// Handshakes run on the thread pool and take turns, so that a storm of them leaves processor time for calls, and one from elsewhere hardly waits; one that waits for its peer
/// holds no turn.
/// </summary>
/// <param name="certificate">The certificate for a peer that takes elliptic keys (true), or one that may not; null: there is none.</param>
/// <param name="atOnce">How many compute at once.</param>
internal sealed class TlsServer(Func<bool, SslStreamCertificateContext?> certificate, int atOnce)
{
    private readonly HandshakeTurns turns = new(atOnce);

    /// <summary>Makes a TLS stream of an accepted socket. The flow keeps what was agreed.</summary>
    /// <exception cref="AuthenticationException">No handshake was possible.</exception>
    public async Task<Stream> AuthenticateAsync(Socket accepted, Flow flow, CancellationToken cancellationToken)
    {
        var network = new NetworkStream(accepted, ownsSocket: true);
        var inner = new TurnTakingStream(network, turns, Source.Of(flow.Remote.Address));
        var stream = new SslStream(inner);
        try
        {
            var hello = await ReadHelloAsync(network, cancellationToken).ConfigureAwait(false);
            inner.Begin(hello);
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate(ClientHello.TakesElliptic(hello.Span) == true) ?? throw new AuthenticationException("There is no certificate."),
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

    /// <summary>What the peer says first, or all that it says before it leaves. SslStream picks the certificate before it reads anything, so it is read for it.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadHelloAsync(NetworkStream network, CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        var filled = 0;
        while (true)
        {
            var read = await network.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            filled += read;
            if (read == 0 || ClientHello.TakesElliptic(buffer.AsSpan(0, filled)) is not null) return buffer.AsMemory(0, filled);
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
    }
}
