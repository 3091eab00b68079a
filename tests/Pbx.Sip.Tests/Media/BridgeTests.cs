using Pbx.Core.CallFlow;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media;

public class BridgeTests
{
    [Theory]
    [InlineData("PCMA", "PCMA")]
    [InlineData("PCMA", "PCMU")]
    [InlineData("PCMU", "G722")]
    [InlineData("G722", "PCMA")]
    public async Task Bridge_EachHearsTheOthersTone(string codecA, string codecB)
    {
        using var studio = new MediaStudio();
        var (legA, phoneA, _) = studio.Connect(codecA);
        var (legB, phoneB, _) = studio.Connect(codecB);
        legA.BridgeWith(legB);
        await Task.WhenAll(phoneA.SpeakAsync(legA.Port, Ear.Tone(440, 800), codecA), phoneB.SpeakAsync(legB.Port, Ear.Tone(1100, 800), codecB));
        await phoneA.Packets.Until(_ => Loud(phoneA) > 4000);
        await phoneB.Packets.Until(_ => Loud(phoneB) > 4000);
        AssertHears(phoneB, 440);
        AssertHears(phoneA, 1100);
        Assert.True(phoneA.Packets.Now.All(packet => packet.Header.Ssrc != phoneB.Ssrc));
    }

    [Fact]
    public async Task Bridge_CodecThatWeCannotDecode_IsRelayedAsItIs()
    {
        using var studio = new MediaStudio();
        var (legA, phoneA, eventsA) = studio.Connect("opus", "PCMA");
        var (legB, phoneB, _) = studio.Connect("opus");
        legB.Configure(phoneB.Media with { Codecs = [new NegotiatedCodec("OPUS", 96, 48000, 2)] });
        legA.BridgeWith(legB);
        await MediaStudio.Settled(legA, eventsA);
        byte[] payload = [1, 2, 3, 4, 5];
        phoneA.Send(legA.Port, 111, payload, duration: 960);
        var heard = await phoneB.Packets.Until(all => all.Any(packet => packet.Header.PayloadType == 96));
        Assert.Equal(payload, heard[^1].Payload);
    }

    [Fact]
    public async Task PromptThenBridgeThenHoldThenBridge_IsOneStreamForTheWholeLife()
    {
        using var studio = new MediaStudio();
        var (legA, phoneA, eventsA) = studio.Connect();
        var (legB, phoneB, _) = studio.Connect();
        legA.Play(1, MediaStudio.Prompt(800));
        await eventsA.Plays.AtLeast(1);
        legA.BridgeWith(legB);
        await phoneB.SpeakAsync(legB.Port, Ear.Tone(1100, 400));
        legB.Configure(phoneB.Media with { Direction = MediaDirection.ReceiveOnly });
        legA.Hold([new Sound.OfMusic()]);
        var before = phoneA.Packets.Now.Length;
        await phoneA.Packets.Until(_ => phoneA.Packets.Now.Length > before + 10 && Ear.Level(Tail(phoneA, 8)) > -45);
        legB.Configure(phoneB.Media);
        legA.Resume();
        phoneB.Ssrc++;
        await phoneB.SpeakAsync(legB.Port, Ear.Tone(620, 400));
        await phoneA.Packets.Until(_ => Ear.Share(Tail(phoneA, 10), 620) > 0.95);
        PlayTests.AssertOneStream(phoneA.Packets.Now);
        Assert.All(phoneA.Packets.Now.Zip(phoneA.Packets.Now.Skip(1)), pair =>
            Assert.InRange(pair.Second.Header.Timestamp - pair.First.Header.Timestamp, 1u, 8000u));
        Assert.True(phoneA.Packets.Now.Count(packet => packet.Header.Marker) >= 5);
    }

    [Fact]
    public async Task Hold_WhatTheHeldOneSays_GoesNowhere()
    {
        using var studio = new MediaStudio();
        var (legA, phoneA, _) = studio.Connect();
        var (legB, phoneB, _) = studio.Connect();
        legA.BridgeWith(legB);
        legA.Hold([new Sound.OfMusic()]);
        await phoneA.SpeakAsync(legA.Port, Ear.Tone(440, 400));
        await phoneA.Packets.AtLeast(10);
        Assert.True(phoneB.Packets.Now.Length == 0 || Ear.Level(phoneB.Sound()) < -50);
    }

    [Fact]
    public async Task Relay_LostReorderedAndDoubledPackets_KeepTheirGapsAndAreSentOnce()
    {
        using var studio = new MediaStudio();
        var (legA, phoneA, eventsA) = studio.Connect();
        var (legB, phoneB, _) = studio.Connect();
        await phoneB.Packets.AtLeast(2);
        legA.BridgeWith(legB);
        await MediaStudio.Settled(legA, eventsA);
        ushort[] order = [100, 101, 103, 102, 102, 105, 106];
        foreach (var number in order) phoneA.SendAs(legA.Port, 8, false, number, (uint)number * 160, [(byte)number]);
        var relayed = (await phoneB.Packets.Until(all => all.Count(packet => packet.Payload.Length == 1) >= 6)).Where(packet => packet.Payload.Length == 1).ToArray();
        Assert.Equal([100, 101, 103, 102, 105, 106], relayed.Select(packet => (int)packet.Payload[0]));
        var offset = relayed[0].Header.Sequence - 100;
        Assert.All(relayed, packet => Assert.Equal((ushort)(packet.Payload[0] + offset), packet.Header.Sequence));
        Assert.All(relayed, packet => Assert.Equal((packet.Payload[0] - 100u) * 160, packet.Header.Timestamp - relayed[0].Header.Timestamp));
    }

    [Fact]
    public async Task Play_OnABridgedLeg_IsHeardInsteadAndThenTheBridgeAgain()
    {
        using var studio = new MediaStudio();
        var (legA, phoneA, eventsA) = studio.Connect();
        var (legB, phoneB, _) = studio.Connect();
        legA.BridgeWith(legB);
        legA.Play(1, MediaStudio.Prompt(800));
        await phoneB.SpeakAsync(legB.Port, Ear.Tone(1500, 900));
        await eventsA.Plays.AtLeast(1);
        await phoneA.Packets.Until(_ => Ear.Share(Tail(phoneA, 8), 1500) > 0.95);
        PlayTests.AssertOneStream(phoneA.Packets.Now);
    }

    [Fact]
    public async Task HearFrom_EarlyMediaOfOneLeg_IsHeardByTheOtherOnly()
    {
        using var studio = new MediaStudio();
        var (caller, callerPhone, _) = studio.Connect();
        var (callee, calleePhone, _) = studio.Connect();
        caller.HearFrom(callee);
        await Task.WhenAll(calleePhone.SpeakAsync(callee.Port, Ear.Tone(425, 500)), callerPhone.SpeakAsync(caller.Port, Ear.Tone(1500, 500)));
        AssertHears(callerPhone, 425);
        Assert.True(Ear.Level(calleePhone.Sound()) < -55);
    }

    [Fact]
    public async Task Echo_GivesBackWhatIsSaid()
    {
        using var studio = new MediaStudio();
        var (leg, phone, _) = studio.Connect("PCMU");
        leg.Echo();
        await phone.SpeakAsync(leg.Port, Ear.Tone(620, 600), "PCMU");
        AssertHears(phone, 620);
        Assert.True(phone.Packets.Now.All(packet => packet.Header.Ssrc != phone.Ssrc));
    }

    [Fact]
    public async Task Unbridge_BothGoOnWithSilence()
    {
        using var studio = new MediaStudio();
        var (legA, phoneA, _) = studio.Connect();
        var (legB, phoneB, _) = studio.Connect();
        legA.BridgeWith(legB);
        await phoneB.SpeakAsync(legB.Port, Ear.Tone(440, 200));
        legA.Unbridge();
        var before = (await phoneA.Packets.AtLeast(8)).Length;
        await Task.WhenAll(phoneA.Packets.AtLeast(before + 15), phoneB.Packets.AtLeast(10), phoneB.SpeakAsync(legB.Port, Ear.Tone(440, 200)));
        Assert.True(Ear.Level(Tail(phoneA, 5)) < -55);
    }

    [Fact]
    public void Bridge_LegsOfDifferentCalls_IsRefused()
    {
        using var studio = new MediaStudio();
        var (leg, _, _) = studio.Connect();
        var other = studio.Engine.Open(Guid.NewGuid(), LegId.Caller, new Listener())!;
        Assert.Throws<ArgumentException>(() => leg.BridgeWith(other));
    }

    private static short[] Tail(TestPhone phone, int packets)
    {
        var sound = phone.Sound();
        return sound.Length < packets * 160 ? new short[160] : sound[^(packets * 160)..];
    }

    private static int Loud(TestPhone phone) => phone.Sound().Count(sample => Math.Abs((int)sample) > 800);

    private static void AssertHears(TestPhone phone, double frequency)
    {
        var sound = phone.Sound();
        var start = PlayTests.FirstLoud(sound);
        Assert.True(Ear.Share(sound.AsSpan(start + 480, 3200), frequency) > 0.9);
        Assert.InRange(Ear.Level(sound.AsSpan(start + 480, 3200)), -17, -13);
    }
}
