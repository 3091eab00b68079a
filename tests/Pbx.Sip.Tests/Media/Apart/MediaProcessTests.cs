using System.Diagnostics;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media.Apart;

/// <summary>Legs whose sound another process carries, with real sockets on both sides of the link.</summary>
public class MediaProcessTests
{
    [Fact]
    public async Task Leg_PlaysBridgesHoldsAndTellsKeys_AsWithinTheProcess()
    {
        using var studio = new MediaStudio(apart: true);
        var (legA, phoneA, eventsA) = studio.Connect();
        var (legB, phoneB, _) = studio.Connect();
        legA.Play(1, [new Sound.OfPrompt("tone-440"), new Sound.OfSilence(100), new Sound.OfTone(Tone.Beep)]);
        Assert.Equal((1, PlayEnd.Completed), (await eventsA.Plays.AtLeast(1))[0]);
        Assert.True(Ear.Share(phoneA.Sound().AsSpan(PlayTests.FirstLoud(phoneA.Sound()) + 400, 1600), 440) > 0.9);

        legA.BridgeWith(legB);
        await phoneA.SpeakAsync(legA.Port, Ear.Tone(1100, 500));
        await phoneB.Packets.Until(_ => phoneB.Sound().Any(sample => sample > 2000));
        phoneA.Press(legA.Port, '4');
        Assert.Equal('4', (await eventsA.Digits.AtLeast(1))[0]);
        await eventsA.DigitEnds.AtLeast(1);

        var heard = phoneB.Sound().Length;
        legB.Hold([new Sound.OfMusic()]);
        await phoneB.Packets.Until(_ => phoneB.Sound().Skip(heard + 1600).Any(sample => sample > 500));
        legB.Resume();
        legB.Echo();
        heard = phoneB.Sound().Length;
        await phoneB.SpeakAsync(legB.Port, Ear.Tone(620, 300));
        await phoneB.Packets.Until(_ => phoneB.Sound().Skip(heard).Any(sample => sample > 2000));
    }

    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80")]
    [InlineData("AEAD_AES_256_GCM")]
    public async Task Leg_Encrypted_IsHeard(string name)
    {
        var suite = SrtpSuites.Parse(name)!.Value;
        using var studio = new MediaStudio(apart: true);
        var (leg, phone, events) = studio.ConnectEncrypted(suite);
        leg.Play(1, MediaStudio.Prompt(800));
        await events.Plays.AtLeast(1);
        Assert.True(Ear.Share(phone.Sound().AsSpan(PlayTests.FirstLoud(phone.Sound()) + 400, 1600), 800) > 0.9);
    }

    [Fact]
    public async Task Recording_AndMessageFoundLater_AreHeard()
    {
        using var studio = new MediaStudio(apart: true);
        var (leg, phone, events) = studio.Connect();
        var message = Guid.NewGuid();
        var file = Path.Combine(studio.Directory, message + ".wav");
        leg.Record(new RecordingRequest(3, file, 60, 5, "#"));
        await MediaStudio.Settled(leg, events);
        phone.Say(leg.Port, Ear.Tone(620, 800));
        phone.Press(leg.Port, '#');
        var result = (await events.Recordings.AtLeast(1))[0];
        Assert.Equal((3, RecordingEnd.Key, file, true), (result.Recording, result.End, result.File, result.HasVoice));

        foreach (var sound in new Sound[] { new Sound.OfRecording(3), new Sound.OfMessage("101", message) })
        {
            var heard = phone.Sound().Length;
            var plays = events.Plays.Now.Length;
            leg.Play(plays, [sound]);
            Assert.Equal(PlayEnd.Completed, (await events.Plays.AtLeast(plays + 1))[plays].End);
            var said = phone.Sound().Skip(heard).ToArray();
            Assert.True(Ear.Share(said.AsSpan(PlayTests.FirstLoud(said) + 400, 3200), 620) > 0.9);
        }
        leg.Play(99, [new Sound.OfMessage("101", Guid.NewGuid())]);
        Assert.Equal(PlayEnd.Failed, (await events.Plays.Until(all => all.Any(each => each.Play == 99))).Single(each => each.Play == 99).End);
    }

    [Fact]
    public async Task Close_GivesThePortsBackAfterTheLastReport()
    {
        using var studio = new MediaStudio(options => options with { LastPort = options.FirstPort + 1 }, apart: true);
        for (var round = 0; round < 20; round++)
        {
            var (leg, phone, events) = studio.Connect();
            Assert.Null(studio.Engine.Open(studio.Call, new LegId(99), new Listener()));
            await phone.SpeakAsync(leg.Port, Ear.Tone(440, 40));
            await phone.Packets.AtLeast(2);
            leg.Close();
            leg.Close();
            var report = await events.FinalReport();
            Assert.Equal("PCMA", report.Codec);
            Assert.True(report.PacketsReceived >= 1 && report.PacketsSent >= 2);
            Assert.Equal(0, studio.Engine.Counters.Ports);
        }
    }

    [Fact]
    public async Task Stop_WithARecordingAndAPlay_FinishesBothAndReportsThem()
    {
        var studio = new MediaStudio(apart: true);
        var (leg, phone, events) = studio.Connect();
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".wav");
        leg.Record(new RecordingRequest(1, file, 60, 0, ""));
        await MediaStudio.Settled(leg, events);
        await phone.SpeakAsync(leg.Port, Ear.Tone(620, 300));
        studio.Engine.Dispose();
        Assert.Equal(RecordingEnd.HangUp, Assert.Single(events.Recordings.Now).End);
        Assert.Single(events.Reports.Now, each => each.Final);
        Assert.Empty(events.Lost.Now);
        Assert.True(WavFile.TryRead(file)!.Value.Samples.Length > 1000);
        Assert.True(Assert.Single(studio.Workers.Ends.Now));
        File.Delete(file);
        studio.Dispose();
    }

    [Fact]
    public async Task ManyLegsAtOnce_BeforeTheWorkerReads_AllHaveTheirOwnSockets()
    {
        // 300 legs bring 600 sockets, more than can travel at once.
        using var studio = new MediaStudio(options => options with { FirstPort = 34000, LastPort = 34999 }, apart: true, started: false);
        var legs = Enumerable.Range(0, 300).Select(_ => studio.Connect()).ToList();
        studio.Engine.Start();
        foreach (var (leg, phone, _) in legs)
        {
            var packet = (await phone.Packets.AtLeast(1))[0];
            Assert.Equal(leg.Port, packet.From.Port);
        }
        foreach (var (leg, _, _) in legs) leg.Close();
        foreach (var (_, _, events) in legs) await events.FinalReport();
        Assert.Equal(0, studio.Engine.Counters.Ports);
    }

    [Fact]
    public async Task Worker_Killed_ItsLegsAreLostOnceAndTheNextWorkerCarriesTheNextCalls()
    {
        using var studio = new MediaStudio(apart: true);
        var (leg, phone, events) = studio.Connect();
        await phone.Packets.AtLeast(5);
        studio.Workers.Kill();
        await events.Lost.AtLeast(1);
        await events.FinalReport();
        Assert.False((await studio.Workers.Ends.AtLeast(1))[0]);
        leg.Play(1, MediaStudio.Prompt(440));
        leg.Close();
        Assert.True(SpinWait.SpinUntil(() => studio.Workers.Started == 2, TimeSpan.FromSeconds(60)));
        Assert.Equal(0, studio.Engine.Counters.Ports);

        var (next, nextPhone, nextEvents) = studio.Connect();
        next.Play(1, MediaStudio.Prompt(800));
        await nextEvents.Plays.AtLeast(1);
        Assert.True(Ear.Share(nextPhone.Sound().AsSpan(PlayTests.FirstLoud(nextPhone.Sound()) + 400, 1600), 800) > 0.9);
        Assert.Single(events.Lost.Now);
        Assert.Single(events.Reports.Now, each => each.Final);
    }

    [Fact]
    public void Start_WithoutAWorker_SaysSoAndLosesTheLegsThatWaited()
    {
        using var studio = new MediaStudio(apart: true, started: false);
        var (_, _, events) = studio.Connect();
        studio.Workers.Failures = 1;
        Assert.Throws<InvalidOperationException>(studio.Engine.Start);
        Assert.Single(events.Lost.Now);
        Assert.Null(studio.Engine.Open(studio.Call, new LegId(9), new Listener()));
        Assert.Equal(0, studio.Engine.Counters.Ports);
    }

    [Fact]
    public async Task Worker_KilledAndTheNextDoesNotStart_IsTriedAgainUntilItDoes()
    {
        var studio = new MediaStudio(apart: true);
        var (_, phone, events) = studio.Connect();
        await phone.Packets.AtLeast(1);
        studio.Workers.Failures = 1;
        studio.Workers.Kill();
        await events.Lost.AtLeast(1);
        Assert.True(SpinWait.SpinUntil(() => studio.Workers.Started == 2, TimeSpan.FromSeconds(60)));
        Assert.Equal("no worker", Assert.Single(studio.Faults.Now).Message);
        studio.Faults.Clear();
        Assert.True(SpinWait.SpinUntil(() => studio.Engine.Open(studio.Call, new LegId(9), new Listener()) is { } leg && Closed(leg), TimeSpan.FromSeconds(60)));
        Assert.True(SpinWait.SpinUntil(() => studio.Engine.Counters.Ports == 0, TimeSpan.FromSeconds(60)));
        studio.Dispose();

        static bool Closed(MediaLeg leg)
        {
            leg.Close();
            return true;
        }
    }

    [Fact]
    public async Task WarmUp_GoesOn_ALegIsHeardMeanwhile()
    {
        using var studio = new MediaStudio(apart: true);
        // A file that gives nothing until somebody writes into it.
        var slow = studio.Audio.Other = Path.Combine(studio.Directory, "slow.wav");
        using (var make = Process.Start("mkfifo", [slow])) await make.WaitForExitAsync();
        var warm = studio.Engine.WarmUpAsync();
        var (leg, _, events) = studio.Connect();
        leg.Play(1, MediaStudio.Prompt(440));
        Assert.Equal(PlayEnd.Completed, (await events.Plays.AtLeast(1))[0].End);
        Assert.False(warm.IsCompleted);
        await Task.Run(() => File.Open(slow, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose());
        await warm;
    }

    [Fact]
    public async Task Worker_KilledWhileRecording_WhatIsOnDiskIsKept()
    {
        using var studio = new MediaStudio(apart: true);
        var (leg, phone, events) = studio.Connect();
        var file = Path.Combine(studio.Directory, "cut.wav");
        leg.Record(new RecordingRequest(4, file, 60, 0, ""));
        await MediaStudio.Settled(leg, events);
        await phone.SpeakAsync(leg.Port, Ear.Tone(620, 800));
        await phone.Packets.Until(_ => WavFile.TryRead(file) is { Samples.Length: > 4800 });
        studio.Workers.Kill();

        var result = (await events.Recordings.AtLeast(1))[0];
        Assert.Equal((4, RecordingEnd.HangUp, file, true), (result.Recording, result.End, result.File, result.HasVoice));
        Assert.InRange(result.Milliseconds, 500, WavFile.TryRead(file)!.Value.Samples.Length / 8);
        await events.FinalReport();
        Assert.Single(events.Recordings.Now);
    }

    [Fact]
    public async Task Worker_KilledAfterARecordingOrBeforeItsFile_SaysWhatThereIs()
    {
        using var studio = new MediaStudio(apart: true);
        var (done, phone, doneEvents) = studio.Connect();
        var (empty, _, emptyEvents) = studio.Connect();
        done.Record(new RecordingRequest(1, Path.Combine(studio.Directory, "done.wav"), 60, 0, "#"));
        await MediaStudio.Settled(done, doneEvents);
        phone.Press(done.Port, '#');
        await doneEvents.Recordings.AtLeast(1);
        empty.Record(new RecordingRequest(2, Path.Combine(studio.Directory, "nowhere", "empty.wav"), 60, 0, ""));
        studio.Workers.Kill();

        await doneEvents.FinalReport();
        await emptyEvents.FinalReport();
        Assert.Single(doneEvents.Recordings.Now);
        Assert.Equal(RecordingEnd.Failed, Assert.Single(emptyEvents.Recordings.Now).End);
    }

    [Fact]
    public async Task Status_AndFingerprint_AreTheWorkers()
    {
        using var studio = new MediaStudio(apart: true);
        Assert.Equal("sha-256", studio.Engine.Fingerprint!.Hash);
        var (leg, phone, events) = studio.Connect();
        await phone.SpeakAsync(leg.Port, Ear.Tone(440, 100));
        Assert.True(SpinWait.SpinUntil(() => studio.Engine.Counters is { PacketsReceived: 5, PacketsSent: > 0, Legs: 1, Ports: 1 }, TimeSpan.FromSeconds(60)));
        await studio.Engine.WarmUpAsync();
        leg.Close();
        await events.FinalReport();
        Assert.Equal(0, studio.Engine.Counters.Legs);
    }
}
