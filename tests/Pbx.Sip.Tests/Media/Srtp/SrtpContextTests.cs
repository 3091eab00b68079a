using System.Buffers.Binary;
using CsCheck;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media.Srtp;

public sealed class SrtpContextTests
{
    public static TheoryData<string> Suites => [.. SrtpSuites.All.Select(suite => suite.Name())];

    [Theory, MemberData(nameof(Suites))]
    public void Packets_OfAnyShapeAndOrder_ComeOutAsTheyWentIn_Once(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        var shape = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Byte.Array[0, 1200]);
        Gen.Select(shape.Array[1, 40], Gen.Int[0, 0xFFFF], Gen.Int[0, 60], Gen.Int).Sample((shapes, first, reach, seed) =>
        {
            var key = SrtpKey.Create(suite);
            using var sender = new SrtpContext(key);
            using var receiver = new SrtpContext(key);
            var random = new Random(seed);
            var plain = shapes.Select((each, i) => Packet((ushort)(first + i), each.Item1, each.Item2, each.Item3)).ToArray();
            var sealed_ = plain.Select(packet => Protect(sender, packet)).ToArray();
            // The first stays first: what comes before it can have no index when the count begins near zero.
            var order = Enumerable.Range(0, plain.Length).OrderBy(i => i == 0 ? -1000 : i + random.Next(reach)).ToArray();

            foreach (var i in order)
            {
                var copy = sealed_[i].ToArray();
                Assert.Equal(plain[i].Length, receiver.Unprotect(copy));
                Assert.Equal(plain[i], copy[..plain[i].Length]);
                Assert.Equal(-1, receiver.Unprotect(sealed_[i].ToArray()));
            }
        }, iter: 100);
    }

    [Theory, MemberData(nameof(Suites))]
    public void Packet_WithAnyByteChanged_IsRefused_AndTheTrueOneStillTaken(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        var key = SrtpKey.Create(suite);
        using var sender = new SrtpContext(key);
        using var receiver = new SrtpContext(key);
        var plain = Packet(1000, 1, 2, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var packet = Protect(sender, plain);

        for (var at = 0; at < packet.Length; at++)
        {
            var forged = packet.ToArray();
            forged[at] ^= 0x10;
            Assert.Equal(-1, receiver.Unprotect(forged));
        }
        for (var length = 0; length < packet.Length; length++) Assert.Equal(-1, receiver.Unprotect(packet.Take(length).ToArray()));

        Assert.Equal(plain.Length, receiver.Unprotect(packet));
    }

    [Theory, MemberData(nameof(Suites))]
    public void Report_ComesOutAsItWentIn_Once_AndNotWhenChanged(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        var key = SrtpKey.Create(suite);
        using var sender = new SrtpContext(key);
        using var receiver = new SrtpContext(key);
        var plain = new byte[52];
        Rtcp.Write(plain, 77, true, 1, 2, 3, 4, null, "name"u8, bye: false);
        for (var i = 0; i < 300; i++)
        {
            var packet = ProtectRtcp(sender, plain);
            Assert.NotEqual(plain[8..], packet[8..plain.Length]);
            for (var at = 0; at < packet.Length && i == 0; at++)
            {
                var forged = packet.ToArray();
                forged[at] ^= 1;
                Assert.Equal(-1, receiver.UnprotectRtcp(forged));
            }

            var copy = packet.ToArray();
            Assert.Equal(plain.Length, receiver.UnprotectRtcp(copy));
            Assert.Equal(plain, copy[..plain.Length]);
            Assert.Equal(-1, receiver.UnprotectRtcp(packet));
        }
    }

    [Theory, MemberData(nameof(Suites))]
    public void Stream_OverManyRollOvers_WithLossesAroundThem_GoesOn(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        var key = SrtpKey.Create(suite);
        using var sender = new SrtpContext(key);
        using var receiver = new SrtpContext(key);
        for (var number = 65_000; number < 3 * 65_536; number += 97)
        {
            var plain = Packet((ushort)number, 0, 0, [1, 2, 3]);
            var packet = Protect(sender, plain);
            if (number % 5 == 0) continue;
            Assert.Equal(plain.Length, receiver.Unprotect(packet));
        }
    }

    [Fact]
    public void Packet_LateOverTheRollOver_IsTakenInItsOldRound()
    {
        var key = SrtpKey.Create(SrtpSuite.AesCm128Tag80);
        using var sender = new SrtpContext(key);
        using var receiver = new SrtpContext(key);
        var before = Protect(sender, Packet(65_534, 0, 0, [1]));
        var late = Protect(sender, Packet(65_535, 0, 0, [2]));
        var after = Protect(sender, Packet(0, 0, 0, [3]));

        Assert.Equal(13, receiver.Unprotect(before));
        Assert.Equal(13, receiver.Unprotect(after.ToArray()));
        Assert.Equal(13, receiver.Unprotect(late));
        Assert.Equal(-1, receiver.Unprotect(after));
    }

    [Fact]
    public void Packet_OlderThanTheWindow_IsRefused_AtItsEdgeTaken()
    {
        var key = SrtpKey.Create(SrtpSuite.AesGcm128);
        using var sender = new SrtpContext(key);
        using var receiver = new SrtpContext(key);
        var packets = Enumerable.Range(1, 130).Select(i => Protect(sender, Packet((ushort)i, 0, 0, [9]))).ToArray();

        Assert.Equal(13, receiver.Unprotect(packets[129]));
        Assert.Equal(13, receiver.Unprotect(packets[2])); // 127 behind
        Assert.Equal(-1, receiver.Unprotect(packets[1])); // 128 behind
    }

    [Fact]
    public void Sender_GivenANumberTwice_RefusesTheSecond()
    {
        using var sender = new SrtpContext(SrtpKey.Create(SrtpSuite.AesCm128Tag80));
        Assert.NotEmpty(Protect(sender, Packet(7, 0, 0, [1])));
        Assert.NotEmpty(Protect(sender, Packet(9, 0, 0, [2])));
        Assert.NotEmpty(Protect(sender, Packet(8, 0, 0, [3])));

        Assert.Empty(Protect(sender, Packet(8, 0, 0, [4])));
    }

    [Fact]
    public void KeyIdentifier_OfTheFarEnd_IsExpectedInEachPacket()
    {
        foreach (var suite in SrtpSuites.All)
        {
            var plainKey = SrtpKey.Create(suite);
            using var sender = new SrtpContext(plainKey);
            using var receiver = new SrtpContext(new SrtpKey(suite, plainKey.Material, [0, 1]));
            var packet = Protect(sender, Packet(5, 0, 0, [1, 2, 3]));
            var tag = suite.IsGcm() ? 0 : suite.TagLength();

            Assert.Equal(-1, receiver.Unprotect([.. packet[..^tag], 0, 2, .. packet[^tag..]]));
            Assert.Equal(15, receiver.Unprotect([.. packet[..^tag], 0, 1, .. packet[^tag..]]));
        }
    }

    [Fact]
    public void FarEnd_WithEverNewStreams_IsNotFollowedForEver_AndNoneIsForgotten()
    {
        var key = SrtpKey.Create(SrtpSuite.AesCm128Tag80);
        using var sender = new SrtpContext(key);
        using var receiver = new SrtpContext(key);
        var packets = Enumerable.Range(0, 64).Select(i => Protect(sender, Packet(1, 0, 0, [1], (uint)i))).ToArray();
        foreach (var packet in packets) Assert.Equal(13, receiver.Unprotect(packet.ToArray()));

        Assert.Empty(Protect(sender, Packet(1, 0, 0, [1], 64)));
        foreach (var packet in packets) Assert.Equal(-1, receiver.Unprotect(packet));
    }

    [Theory, MemberData(nameof(Suites))]
    public void Packets_CostNoGarbage(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        var key = SrtpKey.Create(suite);
        using var sender = new SrtpContext(key);
        using var receiver = new SrtpContext(key);
        var buffer = new byte[400];
        var report = new byte[400];
        Run(1, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(101, 2000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int from, int count)
        {
            for (var number = from; number < from + count; number++)
            {
                RtpHeader.Write(buffer, 8, false, (ushort)number, (uint)number * 160, 5);
                if (receiver.Unprotect(buffer.AsSpan(0, sender.Protect(buffer, 172))) != 172) throw new InvalidOperationException();
                report[0] = 0x80;
                if (receiver.UnprotectRtcp(report.AsSpan(0, sender.ProtectRtcp(report, 60))) != 60) throw new InvalidOperationException();
            }
        }
    }

    [Fact]
    public void Key_SaysNothingOfItself()
    {
        foreach (var suite in SrtpSuites.All)
        {
            var key = SrtpKey.Create(suite);
            Assert.Equal(suite.Name(), key.ToString());
            Assert.Equal(suite, SrtpSuites.Parse(suite.Name()));
            Assert.Equal(key, new SrtpKey(suite, key.Material));
            Assert.NotEqual(key, SrtpKey.Create(suite));
        }
    }

    internal static byte[] Protect(SrtpContext sender, byte[] packet)
    {
        var buffer = new byte[packet.Length + SrtpContext.MaxGrowth];
        packet.CopyTo(buffer, 0);
        return buffer[..sender.Protect(buffer, packet.Length)];
    }

    private static byte[] ProtectRtcp(SrtpContext sender, byte[] packet)
    {
        var buffer = new byte[packet.Length + SrtpContext.MaxGrowth];
        packet.CopyTo(buffer, 0);
        return buffer[..sender.ProtectRtcp(buffer, packet.Length)];
    }

    // With contributing sources and, where asked, an extension.
    private static byte[] Packet(ushort number, int sources, int extension, byte[] payload, uint ssrc = 0xCAFE)
    {
        var header = new byte[12 + (4 * sources) + (extension > 0 ? 4 + (4 * extension) : 0)];
        RtpHeader.Write(header, 8, false, number, number * 160u, ssrc);
        header[0] |= (byte)(sources | (extension > 0 ? 0x10 : 0));
        if (extension > 0) BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(12 + (4 * sources) + 2), (ushort)extension);
        return [.. header, .. payload];
    }
}
