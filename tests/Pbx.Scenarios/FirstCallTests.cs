using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The thin path: a phone registers, calls a number and hears a prompt.</summary>
public sealed class FirstCallTests
{
    [Fact]
    public async Task Phone_RegistersCallsTheMenu_HearsItsPromptAndNoOther()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var silence = new TestSound(new WavFile(8000, new short[80000]));
        await using var phone = await Baresip.StartAsync(new("101", pbx.Server, "101", Company.Password), silence.Path);
        await phone.RegisteredAsync();

        await phone.DialAsync($"sip:800@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(6));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");

        var heard = await phone.HeardAsync();
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("welcome")), 0.6, 1);
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("closure")), 0, 0.4);
        await pbx.EndCallsAsync(phone);
    }
}
