using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media;

public class PlayTests
{
    [Theory]
    [InlineData("PCMA")]
    [InlineData("PCMU")]
    [InlineData("G722")]
    public async Task Play_Prompts_AreHeardInOrderAndReportedOnce(string codec)
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect(codec);
        leg.Play(1, [new Sound.OfPrompt("tone-440"), new Sound.OfSilence(100), new Sound.OfPrompt("tone-1100")]);
        Assert.Equal((1, PlayEnd.Completed), (await events.Plays.AtLeast(1))[0]);
        var sound = phone.Sound();
        var start = FirstLoud(sound);
        Assert.True(Ear.Share(sound.AsSpan(start + 400, 1600), 440) > 0.95);
        Assert.True(Ear.Level(sound.AsSpan(start + 2640, 400)) < -55);
        Assert.True(Ear.Share(sound.AsSpan(start + 3600, 1600), 1100) > 0.95);
        Assert.Single(events.Plays.Now);
    }

    [Fact]
    public async Task Play_FromSilenceThroughPromptToSilence_IsOneStreamWithoutJumps()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect("PCMA");
        await phone.Packets.AtLeast(5);
        leg.Play(1, MediaStudio.Prompt(440));
        await events.Plays.AtLeast(1);
        var count = phone.Packets.Now.Length;
        var packets = await phone.Packets.AtLeast(count + 5);
        AssertOneStream(packets);
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.InRange(pair.Second.Header.Timestamp - pair.First.Header.Timestamp, 160u, 8000u));
        Assert.Equal(3, packets.Count(packet => packet.Header.Marker)); // silence, prompt, silence
    }

    [Fact]
    public async Task Play_Replaced_ReportsReplacedThenTheOther()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        leg.Play(1, MediaStudio.Prompt(440), loop: true);
        await phone.Packets.AtLeast(25);
        leg.Play(2, MediaStudio.Prompt(800));
        Assert.Equal([(1, PlayEnd.Replaced), (2, PlayEnd.Completed)], await events.Plays.AtLeast(2));
        leg.Play(3, MediaStudio.Prompt(440), loop: true);
        leg.StopPlay();
        leg.StopPlay();
        leg.Play(4, MediaStudio.Prompt(440));
        leg.Close();
        leg.Play(5, MediaStudio.Prompt(440));
        await events.FinalReport();
        Assert.Equal([(3, PlayEnd.Stopped), (4, PlayEnd.Stopped)], events.Plays.Now[2..]);
    }

    [Fact]
    public async Task Play_OfWhatIsNotThere_FailsAndPlaysTheRest()
    {
        using var studio = new MediaStudio();
        var (leg, _, events) = studio.Connect();
        leg.Play(1, [new Sound.OfPrompt("nobody"), new Sound.OfPrompt("tone-missing")]);
        Assert.Equal((1, PlayEnd.Failed), (await events.Plays.AtLeast(1))[0]);
        leg.Play(2, [new Sound.OfMessage("box", Guid.NewGuid()), new Sound.OfPrompt("tone-440")]);
        Assert.Equal((2, PlayEnd.Completed), (await events.Plays.AtLeast(2))[1]);
        leg.Play(3, []);
        Assert.Equal((3, PlayEnd.Failed), (await events.Plays.AtLeast(3))[2]);
    }

    [Fact]
    public async Task Play_ToALegWithACodecThatWeOnlyRelay_Fails()
    {
        using var studio = new MediaStudio();
        var (leg, _, events) = studio.Connect("opus");
        leg.Play(1, MediaStudio.Prompt(440));
        Assert.Equal((1, PlayEnd.Failed), (await events.Plays.AtLeast(1))[0]);
    }

    [Fact]
    public async Task Play_Looped_GoesOnAndOn()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        leg.Play(1, [new Sound.OfTone(Tone.Congestion)], loop: true);
        await phone.Packets.AtLeast(60);
        var sound = phone.Sound();
        var start = FirstLoud(sound);
        Assert.True(Ear.Share(sound.AsSpan(start + 200, 1600), 425) > 0.95);
        Assert.True(Ear.Level(sound.AsSpan(start + 2300, 1300)) < -55);
        Assert.True(Ear.Share(sound.AsSpan(start + 4200, 1600), 425) > 0.95);
        Assert.Empty(events.Plays.Now);
    }

    [Fact]
    public async Task Play_CodecChangesMeanwhile_GoesOnInTheSameStream()
    {
        using var studio = new MediaStudio();
        var (leg, phone, _) = studio.Connect("PCMA");
        leg.Play(1, MediaStudio.Prompt(440), loop: true);
        await phone.Packets.AtLeast(20);
        leg.Configure(phone.Media with { Codecs = [new NegotiatedCodec("G722", 9, 8000)] });
        var packets = await phone.Packets.Until(all => all.Count(packet => packet.Header.PayloadType == 9) > 25);
        AssertOneStream(packets);
        var after = packets.TakeWhile(packet => packet.Header.PayloadType == 8).Count();
        await phone.Packets.Until(all => all.Length > after + 12 && Ear.Share(phone.Sound(after).AsSpan()[^1600..], 440) > 0.9);
    }

    [Fact]
    public async Task Play_WhileTheFarEndHolds_IsNotSentAndStillEnds()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        await phone.Packets.AtLeast(3);
        leg.Configure(phone.Media with { Direction = MediaDirection.Inactive });
        leg.Play(1, MediaStudio.Prompt(440));
        await events.Plays.AtLeast(1);
        Assert.True(Ear.Level(phone.Sound()) < -55);
    }

    internal static void AssertOneStream(IReadOnlyList<Heard> packets)
    {
        Assert.Single(packets.Select(packet => packet.Header.Ssrc).Distinct());
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.Equal((ushort)(pair.First.Header.Sequence + 1), pair.Second.Header.Sequence));
    }

    internal static int FirstLoud(short[] samples)
    {
        var first = Array.FindIndex(samples, sample => Math.Abs((int)sample) > 800);
        Assert.True(first >= 0, "nothing but silence");
        return first;
    }
}
