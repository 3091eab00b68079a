using System.Net;
using System.Net.Sockets;
using Pbx.Core.Common;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;
using Pbx.Sip.Tests.Media.Srtp;

namespace Pbx.Sip.Tests.Media;

/// <summary>Things that arrive, and waiting until enough of them did.</summary>
internal sealed class Inbox<T>
{
    private readonly Lock gate = new();
    private readonly List<T> items = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(T item)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            items.Add(item);
            (signal, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        signal.SetResult();
    }

    public void Clear()
    {
        lock (gate) items.Clear();
    }

    public T[] Now
    {
        get { lock (gate) return [.. items]; }
    }

    public Task<T[]> AtLeast(int count) => Until(all => all.Length >= count);

    public async Task<T[]> Until(Func<T[], bool> enough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            Task next;
            T[] all;
            lock (gate) (all, next) = ([.. items], changed.Task);
            if (enough(all)) return all;
            await next.WaitAsync(limit.Token);
        }
    }
}

/// <summary>One RTP packet that came.</summary>
internal sealed record Heard(RtpHeader Header, byte[] Payload, IPEndPoint From);

/// <summary>A far end with real sockets on 127.0.0.1: keeps what it hears, says what it is told.</summary>
internal sealed class TestPhone : IDisposable
{
    private readonly UdpClient rtp;
    private readonly UdpClient rtcp;
    private readonly Random random;
    private ushort sequence;
    private uint timestamp;
    private SrtpContext? hears;
    private SrtpContext? seals;

    public TestPhone(params string[] codecs)
    {
        (rtp, rtcp) = BindPair();
        random = new Random(Port);
        Ssrc = (uint)random.Next();
        sequence = (ushort)random.Next();
        timestamp = (uint)random.Next();
        Media = new NegotiatedMedia
        {
            Remote = new IPEndPoint(IPAddress.Loopback, Port),
            Codecs = (codecs.Length == 0 ? ["PCMA"] : codecs).Select(name => new NegotiatedCodec(name, TypeOf(name), name == "opus" ? 48000 : 8000, name == "opus" ? 2 : 1)).ToValueList(),
            TelephoneEvent = 101,
        };
        _ = ReceiveAsync(rtp, (bytes, from) =>
        {
            Datagrams.Add(bytes.ToArray());
            var length = hears?.Unprotect(bytes) ?? bytes.Length;
            if (length < 0) return;
            bytes = bytes[..length];
            if (RtpHeader.TryRead(bytes, out var header)) Packets.Add(new(header, bytes[header.PayloadOffset..], from));
        });
        _ = ReceiveAsync(rtcp, (bytes, _) => Reports.Add(bytes));
    }

    public int Port => ((IPEndPoint)rtp.Client.LocalEndPoint!).Port;

    public uint Ssrc { get; set; }

    public NegotiatedMedia Media { get; set; }

    /// <summary>What came, as it came.</summary>
    public Inbox<byte[]> Datagrams { get; } = new();

    public Inbox<Heard> Packets { get; } = new();

    public Inbox<byte[]> Reports { get; } = new();

    /// <summary>Encrypts from now on, by keys in SDP.</summary>
    public void Encrypt(SrtpSuite suite)
    {
        var (ours, theirs) = (SrtpKey.Create(suite), SrtpKey.Create(suite));
        (hears, seals) = (new SrtpContext(ours), new SrtpContext(theirs));
        Media = Media with { Keying = new MediaKeying.Sdes(ours, theirs) };
    }

    public static int TypeOf(string codec) => codec switch { "PCMU" => 0, "PCMA" => 8, "G722" => 9, _ => 111 };

    /// <summary>Sends sound in a codec as packets of 20 ms, all at once: a relay does not care, and a recording goes by timestamps.</summary>
    public void Say(int port, short[] samples, string codec = "PCMA", Func<int, bool>? lose = null)
    {
        var bytes = Pbx.Sip.Media.Sounds.FrameEncoder.Encode(samples, 8000, AudioCodecs.FromName(codec));
        for (var at = 0; at < bytes.Length; at += 160)
            if (lose?.Invoke(at / 160) == true) Skip();
            else Send(port, TypeOf(codec), bytes.AsSpan(at, 160));
    }

    /// <summary>Says it at the pace of a real phone.</summary>
    public async Task SpeakAsync(int port, short[] samples, string codec = "PCMA")
    {
        var bytes = Pbx.Sip.Media.Sounds.FrameEncoder.Encode(samples, 8000, AudioCodecs.FromName(codec));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var at = 0; at < bytes.Length && await timer.WaitForNextTickAsync(); at += 160) Send(port, TypeOf(codec), bytes.AsSpan(at, 160));
    }

    public void Send(int port, int payloadType, ReadOnlySpan<byte> payload, bool marker = false, uint duration = 160)
    {
        SendAs(port, payloadType, marker, sequence++, timestamp, payload);
        timestamp += duration;
    }

    public void Press(int port, char key, int payloadType = 101)
    {
        var number = (byte)Pbx.Sip.Media.Dtmf.DtmfKeys.EventOf(key);
        for (var i = 1; i <= 6; i++)
            SendAs(port, payloadType, i == 1, sequence++, timestamp, [number, (byte)(i > 3 ? 0x8A : 0x0A), 0, (byte)(Math.Min(i, 4) * 40)]);
        timestamp += 1600;
    }

    public void SendAs(int port, int payloadType, bool marker, ushort number, uint stamp, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[12 + payload.Length];
        RtpHeader.Write(packet, payloadType, marker, number, stamp, Ssrc);
        payload.CopyTo(packet.AsSpan(12));
        SendRaw(port, seals is null ? packet : SrtpContextTests.Protect(seals, packet));
    }

    public void SendRaw(int port, byte[] datagram) => rtp.Send(datagram, datagram.Length, new IPEndPoint(IPAddress.Loopback, port));

    public void SendReport(int port, byte[] datagram) => rtcp.Send(datagram, datagram.Length, new IPEndPoint(IPAddress.Loopback, port + 1));

    /// <summary>What it heard as samples at 8 kHz, from a packet on; in the codec of each packet.</summary>
    public short[] Sound(int from = 0, int count = int.MaxValue)
    {
        var decoder = new SpeechDecoder();
        var samples = new short[960];
        return [.. Packets.Now.Where(packet => packet.Header.PayloadType is 0 or 8 or 9).Skip(from).Take(count).SelectMany(packet =>
        {
            var codec = packet.Header.PayloadType switch { 0 => AudioCodec.Pcmu, 8 => AudioCodec.Pcma, _ => AudioCodec.G722 };
            return samples[..decoder.To8K(codec, packet.Payload, samples)];
        })];
    }

    public void Dispose()
    {
        rtp.Dispose();
        rtcp.Dispose();
    }

    private void Skip()
    {
        sequence++;
        timestamp += 160;
    }

    private static (UdpClient Rtp, UdpClient Rtcp) BindPair()
    {
        for (var attempt = 0; ; attempt++)
        {
            var first = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                return (first, new UdpClient(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)first.Client.LocalEndPoint!).Port + 1)));
            }
            catch (SocketException) when (attempt < 50)
            {
                first.Dispose(); // the next port is somebody else's
            }
        }
    }

    private static async Task ReceiveAsync(UdpClient client, Action<byte[], IPEndPoint> take)
    {
        try
        {
            while (true)
            {
                var result = await client.ReceiveAsync();
                take(result.Buffer, result.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // the test is over
        }
    }
}
