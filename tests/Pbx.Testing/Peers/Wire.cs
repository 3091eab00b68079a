using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pbx.Testing.Audio;

namespace Pbx.Testing.Peers;

/// <summary>
/// Listens on the wire: keeps every UDP datagram over the loopback that comes from or goes to some ports. Needs the right to open a raw
/// socket, which root has.
/// </summary>
public sealed class Wire : IDisposable
{
    private const int UdpHeader = 8;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp) { ReceiveBufferSize = 8 << 20 };
    private readonly Lock gate = new();
    private readonly List<(int From, int To, byte[] Payload)> seen = [];
    private readonly (int First, int Last)[] ports;
    private readonly Thread thread;

    /// <summary>Begins to listen.</summary>
    /// <param name="ports">First and last port of each range of interest.</param>
    public Wire(params (int First, int Last)[] ports)
    {
        this.ports = ports;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        thread = new Thread(Listen) { IsBackground = true, Name = "wire" };
        thread.Start();
    }

    /// <summary>What went from and to a range of ports, in order.</summary>
    public IReadOnlyList<byte[]> Of((int First, int Last) range)
    {
        lock (gate) return [.. seen.Where(each => Within(each.From, range) || Within(each.To, range)).Select(each => each.Payload)];
    }

    /// <summary>The payload of all RTP in PCMA that went from or to a range of ports, decoded as if it were in clear.</summary>
    public WavFile SoundOf((int First, int Last) range, bool sent)
    {
        List<short> samples = [];
        lock (gate)
            foreach (var (from, to, payload) in seen)
                if (Within(sent ? from : to, range) && payload.Length >= 172 && payload[0] >> 6 == 2 && (payload[1] & 0x7F) == 8)
                    for (var i = 12; i < 172; i++) samples.Add(Decode(payload[i]));
        return new WavFile(8000, [.. samples]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Listen()
    {
        var buffer = new byte[65536];
        try
        {
            while (true)
            {
                var length = socket.Receive(buffer);
                var start = (buffer[0] & 15) * 4;
                if (length < start + UdpHeader) continue;
                int from = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(start)), to = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(start + 2));
                if (!ports.Any(range => Within(from, range) || Within(to, range))) continue;
                lock (gate) seen.Add((from, to, buffer[(start + UdpHeader)..length]));
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // the test is over
        }
    }

    private static bool Within(int port, (int First, int Last) range) => port >= range.First && port <= range.Last;

    // G.711 A-law, from the definition: sign, three bits of exponent, four of mantissa, every other bit inverted.
    private static short Decode(byte law)
    {
        var value = law ^ 0x55;
        int exponent = (value >> 4) & 7, mantissa = value & 15;
        var level = exponent == 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
        return (short)((value & 0x80) != 0 ? level : -level);
    }
}
