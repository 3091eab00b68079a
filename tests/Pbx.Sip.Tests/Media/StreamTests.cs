using CsCheck;
using Pbx.Sip.Media.Rtp;

namespace Pbx.Sip.Tests.Media;

public class StreamTests
{
    private sealed class Far
    {
        public uint Ssrc { get; init; }

        public ushort Sequence { get; set; }

        public uint Timestamp { get; set; }
    }

    [Fact]
    public void OutgoingStream_AnyMixOfSources_NeverJumpsNorRepeatsANumber() =>
        Gen.Select(Gen.Int[0, 5].Array[5, 120], Gen.Int[0, 1_000_000]).Sample((steps, seed) =>
        {
            var random = new Random(seed);
            var stream = OutgoingStream.Start(random);
            object[] own = [new(), new(), new()];
            Far[] far = [.. Enumerable.Range(0, 2).Select(i => new Far { Ssrc = (uint)i + 1, Sequence = (ushort)random.Next(), Timestamp = (uint)random.Next() })];
            var packet = new byte[172];
            var numbers = new HashSet<ushort>();
            long now = 1_000_000;
            (ushort Sequence, uint Timestamp)? highest = null;
            foreach (var step in steps)
            {
                now += random.Next(5_000, 40_000);
                var sent = true;
                var lost = 0;
                if (step < 2)
                {
                    stream.WriteOwn(packet, own[step], 8, 160, now);
                }
                else if (step == 2)
                {
                    stream.WriteEvent(packet, own[2], 101, random.Next(3) == 0, 4, now);
                }
                else
                {
                    var source = far[step % 2];
                    lost = random.Next(10) == 0 ? random.Next(5) : 0;
                    source.Sequence += (ushort)(1 + lost);
                    source.Timestamp += (uint)(160 * (1 + lost));
                    sent = stream.WriteRelayed(packet, source, new RtpHeader(8, false, source.Sequence, source.Timestamp, source.Ssrc, 12, 160), 8, 160, now);
                    Assert.False(stream.WriteRelayed(new byte[172], source,
                        new RtpHeader(8, false, source.Sequence, source.Timestamp, source.Ssrc, 12, 160), 8, 160, now));
                }
                Assert.True(sent);
                Assert.True(RtpHeader.TryRead(packet, out var header));
                Assert.Equal(stream.Ssrc, header.Ssrc);
                Assert.True(numbers.Add(header.Sequence));
                if (highest is { } before)
                {
                    Assert.InRange((ushort)(header.Sequence - before.Sequence), 1, 1 + lost);
                    Assert.InRange((int)(header.Timestamp - before.Timestamp), 0, 8000 * 5);
                }
                highest = (header.Sequence, header.Timestamp);
            }
        }, iter: 2000);

    [Fact]
    public void ReorderBuffer_AnyOrderWithinItsReach_ComesOutInOrderOnce() =>
        Gen.Select(Gen.Int[20, 80], Gen.Int[0, 1_000_000]).Sample((count, seed) =>
        {
            var random = new Random(seed);
            var order = Enumerable.Range(0, count).Where(_ => random.Next(15) != 0).ToList();
            for (var i = 1; i + 1 < order.Count; i += 2) if (random.Next(4) == 0) (order[i], order[i + 1]) = (order[i + 1], order[i]);
            var buffer = new ReorderBuffer();
            var seen = new List<int>();
            foreach (var number in order.SelectMany(number => random.Next(8) == 0 ? [number, number] : new[] { number }))
            {
                var header = new RtpHeader(8, false, (ushort)(65500 + number), (uint)number * 160, 1, 12, 1);
                if (buffer.Offer(header, [(byte)number], number * 20_000)) seen.Add(number);
                while (buffer.TryTake(number * 20_000, out _, out var payload)) seen.Add(payload[0]);
            }
            while (buffer.TryTake(long.MaxValue, out _, out var payload)) seen.Add(payload[0]);
            Assert.Equal(seen.Order().Distinct(), seen);
            Assert.True(seen.Count >= order.Count - 3); // one that comes after its place was given up is late, which takes three or four missing ones around it
        }, iter: 2000);

    [Theory]
    [InlineData("0 2 1 3 4 6 7 10 9 13 11 16 15 17")]
    [InlineData("17 19 22 21 24 23 25 26")]
    [InlineData("0 1 3 4 8 7 9 10 30 32 31 33")]
    public void ReorderBuffer_SomeMissingAndSomeSwapped_LosesNoneThatCame(string arriving)
    {
        int[] order = [.. arriving.Split(' ').Select(int.Parse)];
        var buffer = new ReorderBuffer();
        var seen = new List<int>();
        foreach (var number in order)
        {
            if (buffer.Offer(new RtpHeader(8, false, (ushort)(65530 + number), (uint)number * 160, 1, 12, 1), [(byte)number], number * 20_000)) seen.Add(number);
            while (buffer.TryTake(number * 20_000, out _, out var payload)) seen.Add(payload[0]);
        }
        Assert.Equal(order.Order(), seen);
    }

    [Fact]
    public void IncomingStream_AcrossTheWrap_CountsLossExactly() =>
        Gen.Select(Gen.UShort, Gen.Bool.Array[10, 300]).Sample((first, arrives) =>
        {
            var stream = default(IncomingStream);
            arrives[0] = arrives[^1] = true;
            for (var i = 0; i < arrives.Length; i++)
                if (arrives[i]) stream.Count(new RtpHeader(8, false, (ushort)(first + i), (uint)i * 160, 9, 12, 160), i * 20_000, 8000);
            Assert.Equal(arrives.Count(each => !each), stream.Lost);
            Assert.Equal(arrives.Count(each => each), stream.Received);
            Assert.InRange(stream.Jitter, 0, 0.0001);
        });

    [Fact]
    public void RtpHeader_AnyBytes_AreReadOrRefused() => Gen.Byte.Array[0, 80].Sample(packet =>
    {
        if (RtpHeader.TryRead(packet, out var header)) Assert.True(header.PayloadOffset + header.PayloadLength <= packet.Length);
    });

    [Fact]
    public void Rtcp_AnyBytes_AreReadOrRefused() => Gen.Byte.Array[0, 120].Sample(packet =>
    {
        if (packet.Length > 0) packet[0] = (byte)(0x80 | (packet[0] & 0x3F));
        Rtcp.TryRead(packet, 1, out _);
    });
}
