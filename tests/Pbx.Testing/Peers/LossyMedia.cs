using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pbx.Testing.Peers;

/// <summary>
/// A phone's sound over a bad network: it sends PCMA of which every tenth packet is missing and every second one is 10 ms late, and answers each
/// sender report after a time (RFC 3550), saying that a quarter of what it should hear does not come.
/// </summary>
public sealed class LossyMedia : IAsyncDisposable
{
    /// <summary>The share of its own packets that never leave.</summary>
    public const double LostShare = 0.1;

    /// <summary>What it says of the packets that it receives, in percent.</summary>
    public const double RemoteLossPercent = 25;

    private const uint Source = 0x1badb002;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    /// <summary>Opens its port.</summary>
    public LossyMedia() => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Its port, of RTP and RTCP alike (RFC 5761).</summary>
    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>How long a report of the other side waits for its answer.</summary>
    public TimeSpan ReportDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Sender reports answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Sends to the port that an SDP names.</summary>
    public void Start(string description)
    {
        var media = description.Split("m=audio ")[1];
        var to = new IPEndPoint(IPAddress.Loopback, int.Parse(media[..media.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture));
        running = Task.WhenAll(SendAsync(to), AnswerAsync(to));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        socket.Dispose();
        stop.Dispose();
    }

    private async Task SendAsync(IPEndPoint to)
    {
        var packet = new byte[172];
        packet.AsSpan(12).Fill(0xd5);
        (packet[0], packet[1]) = (0x80, 8);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Source);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var due = TimeSpan.FromMilliseconds((number * 20) + (number % 2 * 10)) - clock.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)number);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(number * 160));
            if (number % 10 != 5) await socket.SendToAsync(packet, to);
        }
    }

    private async Task AnswerAsync(IPEndPoint to)
    {
        var buffer = new byte[2048];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var result = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), stop.Token);
                if (result.ReceivedBytes < 28 || buffer[1] != 200) continue;
                var report = Report(buffer);
                await Task.Delay(ReportDelay, stop.Token);
                await socket.SendToAsync(report, to);
                Answered++;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The test is over, or the other side has closed its port.
            }
        }
    }

    // RFC 3550 §6.4.2, with the CNAME that §6.1 asks for; a DLSR of 0 makes the whole delay a round trip.
    private static byte[] Report(byte[] senderReport)
    {
        var report = new byte[32 + 16];
        (report[0], report[1], report[3]) = (0x81, 201, 7);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), Source);
        senderReport.AsSpan(4, 4).CopyTo(report.AsSpan(8));
        report[12] = (byte)(RemoteLossPercent * 256 / 100);
        // Of all packets that the other side says it has sent; the fraction above is that of the time since the last report.
        var sent = BinaryPrimitives.ReadUInt32BigEndian(senderReport.AsSpan(20));
        BinaryPrimitives.WriteUInt16BigEndian(report.AsSpan(14), (ushort)(sent * RemoteLossPercent / 100));
        senderReport.AsSpan(10, 4).CopyTo(report.AsSpan(24));
        var names = report.AsSpan(32);
        (names[0], names[1], names[3], names[8], names[9]) = (0x81, 202, 3, 1, 4);
        BinaryPrimitives.WriteUInt32BigEndian(names[4..], Source);
        "test"u8.CopyTo(names[10..]);
        return report;
    }
}
