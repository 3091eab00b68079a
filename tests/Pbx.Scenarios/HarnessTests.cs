using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The measuring tools themselves: without them a green scenario proves nothing.</summary>
public sealed class HarnessTests
{
    [Fact]
    public async Task Baresip_CallsBaresipDirectly_EachHearsTheOthersTone()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        WavFile.Tone(440, 20).Write(Path.Combine(folder, "a.wav"));
        WavFile.Tone(1000, 20).Write(Path.Combine(folder, "b.wav"));
        var port = FreePorts.Take();
        await using var b = await Baresip.StartAsync(new("bob", "127.0.0.1") { Registers = false, LocalPort = port },
            Path.Combine(folder, "b.wav"), answers: true);
        await using var a = await Baresip.StartAsync(new("alice", "127.0.0.1") { Registers = false }, Path.Combine(folder, "a.wav"));

        await a.DialAsync($"sip:bob@127.0.0.1:{port}");
        await a.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await a.HangUpAsync();
        await b.WaitForAsync("CALL_CLOSED");

        Assert.True(Listening.ToneSeconds(await a.HeardAsync(), 1000) > 1, "alice hears bob");
        Assert.True(Listening.ToneSeconds(await b.HeardAsync(), 440) > 1, "bob hears alice");
        Assert.Equal(0, Listening.ToneSeconds(await b.HeardAsync(), 1000), 1);
    }

    [Fact]
    public void Contains_TheSamePromptLaterAndThroughALawfulCodec_IsHigh_AnotherPromptIsLow()
    {
        var noise = new Random(1);
        short[] Noise(int length) => [.. Enumerable.Range(0, length).Select(_ => (short)noise.Next(-4000, 4000))];
        var prompt = Noise(24000);
        var heard = new WavFile(8000, [.. new short[8000], .. prompt.Select(s => (short)(s + noise.Next(-400, 400))), .. new short[4000]]);

        Assert.True(Listening.Contains(heard, new WavFile(8000, prompt)) > 0.9);
        Assert.True(Listening.Contains(heard, new WavFile(8000, Noise(24000))) < 0.2);
    }
}
