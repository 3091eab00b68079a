using CsCheck;
using Pbx.Sip.Media.Dtmf;

namespace Pbx.Sip.Tests.Media;

public class DtmfTests
{
    private static byte[] Event(int number, bool end, int duration) => [(byte)number, (byte)(end ? 0x8A : 0x0A), (byte)(duration >> 8), (byte)duration];

    [Fact]
    public void Receiver_KeyWithRepeatedPackets_CountsOnceWithItsLength()
    {
        var receiver = default(TelephoneEventReceiver);
        var news = new List<DtmfNews>();
        for (var i = 1; i <= 5; i++) news.Add(receiver.Take(Event(5, false, i * 160), 1, 1000, i * 20_000));
        for (var i = 0; i < 3; i++) news.Add(receiver.Take(Event(5, true, 960), 1, 1000, 120_000));
        Assert.Equal('5', Assert.Single(news, each => each.Started != 0).Started);
        var ended = Assert.Single(news, each => each.Ended != 0);
        Assert.Equal(('5', 120), (ended.Ended, ended.Milliseconds));
    }

    [Fact]
    public void Receiver_AllEndPacketsLost_EndsWithTheNextKeyOrAPause()
    {
        var receiver = default(TelephoneEventReceiver);
        receiver.Take(Event(1, false, 800), 1, 1000, 0);
        var next = receiver.Take(Event(1, false, 160), 1, 5000, 500_000);
        Assert.Equal(('1', '1', 100), (next.Started, next.Ended, next.Milliseconds));
        Assert.False(receiver.Poll(600_000).Any);
        Assert.Equal('1', receiver.Poll(900_000).Ended);
        Assert.False(receiver.Poll(2_000_000).Any);
    }

    [Fact]
    public void Receiver_OnlyTheEndPacketsArrive_StillCountsTheKey()
    {
        var receiver = default(TelephoneEventReceiver);
        Assert.Equal('#', receiver.Take(Event(11, true, 800), 1, 1000, 0).Started);
        Assert.Equal('#', receiver.Take(Event(11, true, 800), 1, 1000, 1).Ended);
        Assert.False(receiver.Take(Event(11, true, 800), 1, 1000, 2).Any);
    }

    [Fact]
    public void Receiver_LatePacketOfAnEarlierKey_IsNoNewKey()
    {
        var receiver = default(TelephoneEventReceiver);
        receiver.Take(Event(1, true, 800), 1, 1000, 0);
        receiver.Take(Event(1, true, 800), 1, 1000, 1);
        receiver.Take(Event(2, false, 160), 1, 3000, 2);
        Assert.False(receiver.Take(Event(1, true, 800), 1, 1000, 3).Any);
        Assert.Equal('2', receiver.Take(Event(2, true, 320), 1, 3000, 4).Ended);
    }

    [Fact]
    public void SenderAndReceiver_AnyDigitsWithAnyLoss_ArriveWhileOnePacketOfEachDoes() =>
        Gen.Select(Gen.Char["0123456789*#ABCD"].Array[1, 8], Gen.Int[0, 1000]).Sample((keys, seed) =>
        {
            var random = new Random(seed);
            var sender = new DigitSender();
            foreach (var key in keys) Assert.True(sender.Add(key, 100));
            var receiver = default(TelephoneEventReceiver);
            var heard = "";
            uint timestamp = 0;
            long now = 0;
            var passed = true;
            var payload = new byte[4];
            while (sender.Active)
            {
                now += 20_000;
                if (sender.Next(false, payload, out var first) != DigitStep.Event) continue;
                if (first) (timestamp, passed) = ((uint)(now / 125), false);
                var last = (payload[1] & 0x80) != 0 && !passed;
                if (!last && random.Next(3) == 0) continue;
                passed = true;
                if (receiver.Take(payload, 7, timestamp, now) is { Started: not (char)0 } news) heard += news.Started;
            }
            Assert.Equal(new string(keys), heard);
        }, iter: 300);

    [Fact]
    public void Sender_OneDigit_MarksTheFirstPacketAndRepeatsTheLast()
    {
        var sender = new DigitSender();
        sender.Add('7', 100);
        var packets = new List<(bool First, bool End, int Duration)>();
        var payload = new byte[4];
        while (sender.Active)
            if (sender.Next(false, payload, out var first) == DigitStep.Event)
                packets.Add((first, (payload[1] & 0x80) != 0, (payload[2] << 8) | payload[3]));
        Assert.Equal([160, 320, 480, 640, 800, 800, 800], packets.Select(packet => packet.Duration));
        Assert.Equal([true, false, false, false, false, false, false], packets.Select(packet => packet.First));
        Assert.Equal([false, false, false, false, true, true, true], packets.Select(packet => packet.End));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-20)]
    public void Detector_AllKeysShortestAllowed_AreFound(double gain)
    {
        var detector = new DtmfDetector();
        var tones = new ToneGenerator();
        var heard = "";
        foreach (var key in DtmfKeys.ByEvent)
        {
            var sound = new short[(45 + 45) * 8];
            tones.Start(key);
            tones.Fill(sound.AsSpan(0, 45 * 8));
            for (var i = 0; i < sound.Length; i++) sound[i] = (short)(sound[i] * Math.Pow(10, gain / 20));
            for (var at = 0; at < sound.Length; at += 160)
                if (detector.Process(sound.AsSpan(at, Math.Min(160, sound.Length - at))) is { Started: not (char)0 } news) heard += news.Started;
        }
        Assert.Equal(DtmfKeys.ByEvent, heard);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(20)]
    public void Detector_TooShortATone_IsNoKey(int milliseconds)
    {
        var sound = new short[1600];
        var tones = new ToneGenerator();
        tones.Start('5');
        tones.Fill(sound.AsSpan(400, milliseconds * 8));
        Assert.False(new DtmfDetector().Process(sound).Any);
    }

    [Fact]
    public void Detector_SingleTonesAndMusic_AreNoKeys()
    {
        Assert.False(new DtmfDetector().Process(Ear.Tone(941, 500)).Any);
        Assert.False(new DtmfDetector().Process(Ear.Tone(425, 1500)).Any);
        var music = Pbx.Sip.Media.Sounds.Synthesis.Music();
        var narrow = new short[music.Length / 2];
        new Pbx.Sip.Media.Codecs.Downsampler().Process(music, narrow);
        var detector = new DtmfDetector();
        for (var at = 0; at + 160 <= narrow.Length; at += 160) Assert.False(detector.Process(narrow.AsSpan(at, 160)).Any);
    }

    [Theory]
    [InlineData("fr", "Bonjour, vous êtes bien chez Dupont et fils, toutes nos lignes sont occupées, veuillez patienter. Deux, cinq, huit, zéro, six, dix-sept.")]
    [InlineData("en", "Good morning, please listen carefully as our menu options have changed. Press one for sales, two for support, five, six, nine, eleven.")]
    [InlineData("fr+f3", "Six cent soixante-six scies scient sous six cyprès. Qui sait si ceci est ici? Les chaussettes de l'archiduchesse sont-elles sèches?")]
    public void Detector_Speech_StaysSilent(string voice, string text)
    {
        var speech = Ear.Speech(text, voice);
        Assert.True(speech.Length > 8000 * 4);
        var detector = new DtmfDetector();
        for (var at = 0; at + 160 <= speech.Length; at += 160) Assert.False(detector.Process(speech.AsSpan(at, 160)).Any);
    }
}
