using System.Diagnostics;
using System.Globalization;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The process that carries the sound of calls: lives and ends with the server, and can be lost without losing more than the calls that go on.</summary>
public sealed class MediaProcessTests
{
    [Fact]
    public async Task MediaProcess_KilledDuringACall_TheCallEndsAndTheNextIsHeard()
    {
        await using var house = await House.OpenAsync();
        var (pbx, phone) = (house.Pbx, house.Phone);
        var first = await MediaAsync(pbx);
        await house.CallTheMenuAsync();

        await SignalAsync("KILL", first);
        await phone.WaitForAsync("CALL_CLOSED");

        await pbx.EventuallyAsync(() => Task.FromResult(pbx.MediaId() is { } next && next != first), "another process carries the sound");
        Assert.Contains("1 legs lost their sound", pbx.Log, StringComparison.Ordinal);
        await house.HearTheMenuAsync();
        await pbx.EndCallsAsync(phone);
    }

    [Fact]
    public async Task MediaProcess_ToldToEndWithAllOthers_CarriesSoundUntilTheServerEnds()
    {
        await using var house = await House.OpenAsync();
        var (pbx, phone) = (house.Pbx, house.Phone);
        var media = await MediaAsync(pbx);
        // As a terminal and a service manager do it: every process of the service is told.
        foreach (var signal in new[] { "INT", "TERM", "HUP", "QUIT" }) await SignalAsync(signal, media);

        await house.HearTheMenuAsync();
        Assert.Equal(media, pbx.MediaId());
        await pbx.EndCallsAsync(phone);

        await pbx.StopAsync();
        await EndedAsync(media);
    }

    [Fact]
    public async Task MediaProcess_ThatStandsStill_IsReplaced()
    {
        await using var house = await House.OpenAsync();
        var (pbx, phone) = (house.Pbx, house.Phone);
        var first = await MediaAsync(pbx);
        await house.CallTheMenuAsync();

        await SignalAsync("STOP", first);

        await phone.WaitForAsync("CALL_CLOSED");
        await pbx.EventuallyAsync(() => Task.FromResult(pbx.MediaId() is { } next && next != first), "another process carries the sound");
        await house.CallTheMenuAsync();
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        await pbx.EndCallsAsync(phone);
    }

    [Fact]
    public async Task MediaProcess_ItsServerKilled_EndsToo()
    {
        await using var pbx = await PbxProcess.StartAsync();
        var media = await MediaAsync(pbx);
        await pbx.KillAsync();
        await EndedAsync(media);
        await pbx.LaunchAsync();
        Assert.NotEqual(media, await MediaAsync(pbx));
    }

    /// <summary>A server with a phone that is registered.</summary>
    private sealed class House(PbxProcess pbx, Baresip phone, TestSound silence) : IAsyncDisposable
    {
        public PbxProcess Pbx => pbx;

        public Baresip Phone => phone;

        public static async Task<House> OpenAsync()
        {
            var pbx = await PbxProcess.StartAsync();
            await pbx.ApplyAsync(Company.Create());
            var silence = new TestSound(new WavFile(8000, new short[80000]));
            var phone = pbx.Watch(await Baresip.StartAsync(new("101", pbx.Server, "101", Company.Password), silence.Path));
            await phone.RegisteredAsync();
            return new House(pbx, phone, silence);
        }

        public async Task CallTheMenuAsync()
        {
            await phone.DialAsync($"sip:800@{pbx.Server}");
            await phone.WaitForAsync("CALL_ESTABLISHED");
        }

        public async Task HearTheMenuAsync()
        {
            await CallTheMenuAsync();
            await Task.Delay(TimeSpan.FromSeconds(6));
            await phone.HangUpAsync();
            await phone.WaitForAsync("CALL_CLOSED");
            Assert.InRange(Listening.Contains(await phone.HeardAsync(), await pbx.PromptAsync("welcome")), 0.6, 1);
        }

        public async ValueTask DisposeAsync()
        {
            await phone.DisposeAsync();
            silence.Dispose();
            await pbx.DisposeAsync();
        }
    }

    private static async Task<int> MediaAsync(PbxProcess pbx)
    {
        await pbx.EventuallyAsync(() => Task.FromResult(pbx.MediaId() is not null), "a process carries the sound");
        return pbx.MediaId()!.Value;
    }

    private static async Task SignalAsync(string signal, int id)
    {
        using var kill = Process.Start("kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    // One whose parent is gone stays in the list until the machine's first process looks after it, but has neither memory nor command.
    private static async Task EndedAsync(int id)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (PbxProcess.CommandOf(id.ToString(CultureInfo.InvariantCulture)).Length > 0) await Task.Delay(50, deadline.Token);
    }
}
