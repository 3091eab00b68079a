using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pbx.Testing.Peers;

/// <summary>A connection that carries SIP messages as text, to the server under test. Shares no code with it.</summary>
public abstract class MessagePipe : IAsyncDisposable
{
    /// <summary>Sends a message.</summary>
    public abstract Task SendAsync(string message, CancellationToken cancellationToken = default);

    /// <summary>The next message; null when the connection has ended.</summary>
    public abstract Task<string?> ReceiveAsync(CancellationToken cancellationToken = default);

    /// <summary>The certificate that the server showed.</summary>
    public X509Certificate2? ServerCertificate { get; protected set; }

    /// <summary>Opens a socket for UDP at a local address.</summary>
    public static (MessagePipe Pipe, IPEndPoint Local) OpenUdp(string local, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(local), 0));
        return (new DatagramPipe(socket, new IPEndPoint(IPAddress.Loopback, port)), (IPEndPoint)socket.LocalEndPoint!);
    }

    /// <summary>Connects by TCP from a local address.</summary>
    public static async Task<(MessagePipe Pipe, IPEndPoint Local)> ConnectTcpAsync(string local, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(local), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return (new StreamPipe(new NetworkStream(socket, ownsSocket: true)), (IPEndPoint)socket.LocalEndPoint!);
    }

    /// <summary>Connects by TLS; the certificate must be for this name and come from this root.</summary>
    public static async Task<MessagePipe> ConnectTlsAsync(string host, int port, X509Certificate2 root, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(host), port, cancellationToken);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = Trusting(root) }, cancellationToken);
            return new StreamPipe(stream) { ServerCertificate = (X509Certificate2)stream.RemoteCertificate! };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects by WebSocket.</summary>
    public static async Task<MessagePipe> ConnectWebSocketAsync(Uri address, X509Certificate2 root, string? origin = null, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        var pipe = new WebSocketPipe(socket);
        socket.Options.AddSubProtocol("sip");
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            using var chain = new X509Chain { ChainPolicy = Trusting(root) };
            pipe.ServerCertificate = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
            return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && chain.Build(pipe.ServerCertificate);
        };
        await socket.ConnectAsync(address, cancellationToken);
        return pipe;
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    private static X509ChainPolicy Trusting(X509Certificate2 root)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        return policy;
    }

    private sealed class DatagramPipe(Socket socket, IPEndPoint server) : MessagePipe
    {
        private readonly byte[] buffer = new byte[65536];

        public override async Task SendAsync(string message, CancellationToken cancellationToken = default) =>
            await socket.SendToAsync(Encoding.UTF8.GetBytes(message), server, cancellationToken);

        public override async Task<string?> ReceiveAsync(CancellationToken cancellationToken = default) =>
            Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, cancellationToken));

        public override ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class StreamPipe(Stream stream) : MessagePipe
    {
        private readonly byte[] chunk = new byte[8192];
        private readonly SemaphoreSlim sending = new(1, 1);
        private string waiting = "";

        public override async Task SendAsync(string message, CancellationToken cancellationToken = default)
        {
            await sending.WaitAsync(cancellationToken);
            try
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(message), cancellationToken);
            }
            finally
            {
                sending.Release();
            }
        }

        public override async Task<string?> ReceiveAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                if (Cut() is { } message) return message;
                var read = await stream.ReadAsync(chunk, cancellationToken);
                if (read == 0) return null;
                // Latin-1 keeps bytes and characters one to one, so that Content-Length counts both.
                waiting += Encoding.Latin1.GetString(chunk, 0, read);
            }
        }

        public override ValueTask DisposeAsync() => stream.DisposeAsync();

        private string? Cut()
        {
            waiting = waiting.TrimStart('\r', '\n');
            var header = waiting.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (header < 0) return null;
            var length = new SipText(waiting).Header("Content-Length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
            if (waiting.Length < header + 4 + length) return null;
            var message = waiting[..(header + 4 + length)];
            waiting = waiting[message.Length..];
            return message;
        }
    }

    private sealed class WebSocketPipe(ClientWebSocket socket) : MessagePipe
    {
        private readonly byte[] buffer = new byte[65536];

        public override Task SendAsync(string message, CancellationToken cancellationToken = default) =>
            socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, cancellationToken);

        public override async Task<string?> ReceiveAsync(CancellationToken cancellationToken = default)
        {
            var filled = 0;
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close) return null;
                filled += part.Count;
                if (part.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, filled);
            }
        }

        public override ValueTask DisposeAsync()
        {
            socket.Abort();
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
