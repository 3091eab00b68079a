using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Codecs between real phones: transcoded, relayed as they are, and refused.</summary>
public sealed class CodecTests
{
    private const string G722 = "G722/16000/1", Pcma = "PCMA/8000/1", Opus = "opus/48000/2";

    // A quarter of full scale, as root mean square.
    private const double ToneLevel = -15.05;

    [Fact]
    public async Task G722Alone_CallsPcmaAlone_EachHearsTheOthersToneAtItsLevel()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var wide = await StartPhoneAsync(pbx, "101", G722, low.Path);
        await using var narrow = await StartPhoneAsync(pbx, "103", Pcma, high.Path);

        await TalkAsync(pbx, wide, narrow, "103");

        await AssertHearsAsync(wide, 1000);
        await AssertHearsAsync(narrow, 440);
        await pbx.EndCallsAsync(wide, narrow);
        Assert.Equal(["G722", "PCMA"], await CodecsOfTheOneRecordAsync(pbx));
    }

    [Fact]
    public async Task Opus_IsRelayedBetweenTwoThatHaveIt_AndRefusedByAMenu()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var one = await StartPhoneAsync(pbx, "101", Opus, low.Path);
        await using var other = await StartPhoneAsync(pbx, "103", Opus, high.Path);

        await TalkAsync(pbx, one, other, "103");

        await AssertHearsAsync(one, 1000);
        await AssertHearsAsync(other, 440);
        await one.DialAsync($"sip:800@{pbx.Server}");
        var closed = await one.WaitForAsync("CALL_CLOSED");
        Assert.StartsWith("488", closed.GetProperty("param").GetString(), StringComparison.Ordinal);
        await pbx.EndCallsAsync(one, other);
        Assert.Equal(["opus", "opus"], CodecsOf((await pbx.RecordsAsync())[^1]!));
    }

    private static async Task<Baresip> StartPhoneAsync(PbxProcess pbx, string number, string codec, string sound)
    {
        var phone = await Baresip.StartAsync(new(number, pbx.Server, number, Company.Password) { Codecs = codec }, sound);
        await phone.RegisteredAsync();
        return phone;
    }

    private static async Task TalkAsync(PbxProcess pbx, Baresip caller, Baresip callee, string number)
    {
        await caller.DialAsync($"sip:{number}@{pbx.Server}");
        await callee.WaitForAsync("CALL_INCOMING");
        await callee.AnswerAsync();
        await callee.WaitForAsync("CALL_ESTABLISHED");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(4));
        await caller.HangUpAsync();
        await callee.WaitForAsync("CALL_CLOSED");
        await caller.WaitForAsync("CALL_CLOSED");
    }

    // In windows of 50 ms: most of them hold this tone, and the middle one has its level.
    private static async Task AssertHearsAsync(Baresip phone, double frequency)
    {
        var heard = await phone.HeardAsync();
        var window = heard.Rate / 20;
        List<double> levels = [];
        for (var at = 0; at + window <= heard.Samples.Length; at += window)
        {
            var part = heard.Samples.AsSpan(at, window);
            if (Listening.ToneShare(part, frequency, heard.Rate) > 0.95) levels.Add(Listening.Level(part));
        }
        Assert.True(levels.Count > 40, $"{frequency} Hz is heard in {levels.Count} windows of {heard.Samples.Length / window}");
        levels.Sort();
        Assert.InRange(levels[levels.Count / 2], ToneLevel - 2, ToneLevel + 2);
    }

    private static async Task<string[]> CodecsOfTheOneRecordAsync(PbxProcess pbx) => CodecsOf(Assert.Single(await pbx.RecordsAsync())!);

    [Fact]
    public async Task Record_OfACallOverABadNetwork_HoldsItsLossJitterAndRoundTrip()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        await using var media = new LossyMedia();
        await using var phone = new ScriptedPhone("127.0.0.1", pbx.SipPort, "101", Company.Password) { MediaPort = media.Port };
        Assert.Equal(200, await phone.RegisterAsync());
        var call = phone.Invite("800");
        await call.Established.WaitAsync(TimeSpan.FromSeconds(30));
        media.Start(call.Description);
        await pbx.EventuallyAsync(() => Task.FromResult(media.Answered > 0), "a sender report came and was answered", 30);
        await Task.Delay(TimeSpan.FromSeconds(1));
        call.Bye();

        await pbx.EndCallsAsync(phone);
        var leg = Assert.Single(Assert.Single(await pbx.RecordsAsync())!["quality"]!.AsArray())!;
        double received = (double)leg["packetsReceived"]!, lost = (double)leg["packetsLost"]!;
        Assert.InRange(lost / (lost + received), LossyMedia.LostShare * 0.8, LossyMedia.LostShare * 1.2);
        Assert.InRange((double)leg["jitterMilliseconds"]!, 6, 20);
        Assert.InRange((double)leg["roundTripMilliseconds"]!, media.ReportDelay.TotalMilliseconds - 5, media.ReportDelay.TotalMilliseconds + 100);
        Assert.InRange((double)leg["remoteLossPercent"]!, LossyMedia.RemoteLossPercent - 4, LossyMedia.RemoteLossPercent + 1);
    }

    private static string[] CodecsOf(System.Text.Json.Nodes.JsonNode record) => [.. record["quality"]!.AsArray().Select(leg => (string)leg!["codec"]!)];
}
