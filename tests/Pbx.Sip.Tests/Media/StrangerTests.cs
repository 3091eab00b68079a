using System.Net;
using System.Net.Sockets;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media;

/// <summary>
/// A stranger who sends RTP to the ports of a live call, with real sockets: he draws nothing, is not heard, and keeps nobody from being heard.
/// </summary>
public sealed class StrangerTests
{
    private const int Most = 5;

    private static readonly byte[] Noise = [.. Enumerable.Repeat((byte)0x2A, 160)];
    private static readonly byte[] Speech = [.. Enumerable.Range(0, 160).Select(i => (byte)(i | 1))];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Stranger_OnAnotherHost_EvenWithTheRightNumbers_DrawsAndInjectsNothing_AndStarvesNobody(bool encrypted, bool first)
    {
        using var studio = new MediaStudio();
        var (leg, phone, _) = encrypted ? studio.ConnectEncrypted(SrtpSuite.AesCm128Tag80) : studio.Connect();
        var (otherLeg, other, events) = studio.Connect();
        leg.BridgeWith(otherLeg);
        await MediaStudio.Settled(otherLeg, events);
        leg.BridgeWith(otherLeg);
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        var drawn = new Inbox<byte[]>();
        _ = KeepAsync(stranger, drawn);

        if (first) await FloodAsync(stranger, leg, phone.Ssrc, 0);
        for (var i = 0; i < 50; i++)
        {
            phone.Send(leg.Port, 8, Speech);
            await FloodAsync(stranger, leg, phone.Ssrc, (ushort)i);
        }

        await other.Packets.Until(all => all.Count(packet => packet.Payload.AsSpan().SequenceEqual(Speech)) == 50);
        Assert.InRange(other.Packets.Now.Count(packet => packet.Payload.AsSpan().SequenceEqual(Noise)), 0, encrypted ? 0 : Most);
        Assert.InRange(drawn.Now.Length, 0, encrypted ? 0 : Most);
        await phone.Packets.AtLeast(5); // what it is sent still comes
    }

    // To both ports, by the SSRC of the phone, ahead of it and behind.
    private static async Task FloodAsync(UdpClient stranger, MediaLeg leg, uint ssrc, ushort number)
    {
        var packet = new byte[12 + Noise.Length];
        Noise.CopyTo(packet, 12);
        foreach (var port in new[] { leg.Port, leg.Port + 1 })
            for (var i = -1; i <= 1; i++)
            {
                RtpHeader.Write(packet, 8, false, (ushort)(number + i), (uint)number * 160, ssrc);
                await stranger.SendAsync(packet, new IPEndPoint(IPAddress.Loopback, port));
            }
    }

    private static async Task KeepAsync(UdpClient socket, Inbox<byte[]> drawn)
    {
        try
        {
            while (true) drawn.Add((await socket.ReceiveAsync()).Buffer);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // the test is over
        }
    }
}
