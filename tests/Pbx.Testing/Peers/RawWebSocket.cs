using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pbx.Testing.Peers;

/// <summary>A WebSocket of SIP whose every octet a test writes (RFC 6455 section 5.2), for frames that no library would send.</summary>
public sealed class RawWebSocket : IAsyncDisposable
{
    /// <summary>What asks for the connection, as it should be.</summary>
    public const string Upgrade = "GET /sip HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private readonly SslStream stream;

    private RawWebSocket(SslStream stream) => this.stream = stream;

    /// <summary>Status of the answer to the upgrade; 101 when the connection stands, 0 when there was none.</summary>
    public int Status { get; private set; }

    /// <summary>Connects by TLS and asks for the upgrade.</summary>
    public static async Task<RawWebSocket> OpenAsync(int port, X509Certificate2 root, string upgrade = Upgrade)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck };
        var opened = new RawWebSocket(new SslStream(new NetworkStream(socket, ownsSocket: true)));
        await opened.stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = trust, EnabledSslProtocols = SslProtocols.None });
        await opened.SendAsync(Encoding.Latin1.GetBytes(upgrade));
        var header = "";
        while (!header.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await opened.ReadAsync(1) is { } octet) header += (char)octet[0];
        opened.Status = header.Length > 12 ? int.Parse(header.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
        return opened;
    }

    /// <summary>A frame.</summary>
    /// <param name="opcode">0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong; others are reserved.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="final">False: the message goes on.</param>
    /// <param name="masked">False, as no client may.</param>
    /// <param name="length">The length that it claims, in eight octets; null: the true one.</param>
    /// <param name="reserved">The reserved bits, where they lie.</param>
    public static byte[] Frame(int opcode, ReadOnlySpan<byte> payload, bool final = true, bool masked = true, ulong? length = null, int reserved = 0)
    {
        List<byte> frame = [(byte)((final ? 0x80 : 0) | reserved | opcode)];
        var mask = masked ? 0x80 : 0;
        if (length is null && payload.Length < 126)
        {
            frame.Add((byte)(mask | payload.Length));
        }
        else
        {
            frame.Add((byte)(mask | 127));
            var size = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(size, length ?? (ulong)payload.Length);
            frame.AddRange(size);
        }
        // A mask of zeros masks nothing, and is one.
        if (masked) frame.AddRange([0, 0, 0, 0]);
        frame.AddRange(payload);
        return [.. frame];
    }

    /// <summary>Sends octets; what the server has closed takes none, and that is no fault.</summary>
    public async Task SendAsync(byte[] octets)
    {
        try
        {
            await stream.WriteAsync(octets);
        }
        catch (IOException)
        {
            // Closed by the server.
        }
    }

    /// <summary>The next frame of the server; null at the end of the connection, or after so many seconds.</summary>
    public async Task<(int Opcode, string Payload)?> ReceiveAsync(double seconds = 5)
    {
        if (await ReadAsync(2, seconds) is not { } start) return null;
        int length = start[1] & 127;
        if (length == 126) length = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2));
        return await ReadAsync(length) is { } payload ? (start[0] & 15, Encoding.UTF8.GetString(payload)) : null;
    }

    /// <summary>True when the server says that it closes, or just does, within so many seconds.</summary>
    public async Task<bool> EndsAsync(double seconds = 5)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) is var read and > 0)
                if ((buffer[0] & 15) == 8 && read > 1) return true;
            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<byte[]?> ReadAsync(int count, double seconds = 5)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var octets = new byte[count];
        try
        {
            await stream.ReadExactlyAsync(octets, patience.Token);
            return octets;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
