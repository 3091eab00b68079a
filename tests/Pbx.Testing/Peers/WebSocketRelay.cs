using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Pbx.Testing.Peers;

/// <summary>
/// Carries one phone's SIP between UDP and a WebSocket of the server: to the server the phone is a browser, though it knows no WebSocket itself
/// (baresip 1.0). Its sound goes straight.
/// </summary>
public sealed class WebSocketRelay : IAsyncDisposable
{
    private readonly UdpClient udp = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly MessagePipe pipe;
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> received = [];
    private readonly Task running;
    private IPEndPoint? phone;

    private WebSocketRelay(MessagePipe pipe)
    {
        this.pipe = pipe;
        running = Task.WhenAll(FromPhoneAsync(), FromServerAsync());
    }

    /// <summary>What the phone takes for its server.</summary>
    public string Server => udp.Client.LocalEndPoint!.ToString()!;

    /// <summary>What the server sent, so far.</summary>
    public IReadOnlyList<string> Received { get { lock (received) return [.. received]; } }

    /// <summary>Connects to the server.</summary>
    public static async Task<WebSocketRelay> ConnectAsync(Uri address, X509Certificate2 root) => new(await MessagePipe.ConnectWebSocketAsync(address, root));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        udp.Dispose();
        await pipe.DisposeAsync();
        stop.Dispose();
    }

    private async Task FromPhoneAsync()
    {
        while (true)
        {
            var datagram = await udp.ReceiveAsync(stop.Token);
            phone = datagram.RemoteEndPoint;
            await pipe.SendAsync(Encoding.UTF8.GetString(datagram.Buffer), stop.Token);
        }
    }

    private async Task FromServerAsync()
    {
        while (await pipe.ReceiveAsync(stop.Token) is { } message)
        {
            lock (received) received.Add(message);
            if (phone is not null && message.Trim('\r', '\n').Length > 0) await udp.SendAsync(Encoding.UTF8.GetBytes(ReachedHere(message)), phone, stop.Token);
        }
    }

    // What the phone sends in a dialog comes back here, not to a WebSocket of the server's that it cannot open. The answer to a REGISTER names the phone's own contacts.
    private string ReachedHere(string message) => new SipText(message).Header("CSeq")!.EndsWith("REGISTER", StringComparison.Ordinal)
        ? message
        : Regex.Replace(message, "^Contact: <sip:([^@>]*@)?[^>]+>", $"Contact: <sip:$1{Server}>", RegexOptions.Multiline);
}
