using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>One server for both families: phones over IPv6, and one of each.</summary>
public sealed class Ipv6Tests
{
    [Fact]
    public async Task TwoPhonesOverIpv6_HearEachOther_AndOneOverIpv4Too()
    {
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string> { ["PBX__Sip__Bind"] = "0.0.0.0,::" });
        await pbx.ApplyAsync(Company.Create());
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var alice = await StartPhoneAsync("101", $"[::1]:{pbx.SipPort}", "::1", low.Path);
        await using var bruno = await StartPhoneAsync("102", $"[::1]:{pbx.SipPort}", "::1", high.Path);
        await using var chloe = await StartPhoneAsync("103", pbx.Server, "127.0.0.1", high.Path);

        foreach (var (callee, number) in new[] { (bruno, "102"), (chloe, "103") })
        {
            await alice.DialAsync($"sip:{number}@[::1]:{pbx.SipPort}");
            await callee.WaitForAsync("CALL_INCOMING");
            await callee.AnswerAsync();
            await callee.WaitForAsync("CALL_ESTABLISHED");
            await alice.WaitForAsync("CALL_ESTABLISHED");
            await Task.Delay(TimeSpan.FromSeconds(3));
            await alice.HangUpAsync();
            await callee.WaitForAsync("CALL_CLOSED");
            await alice.WaitForAsync("CALL_CLOSED");
            Assert.True(Listening.ToneSeconds(await alice.HeardAsync(), 1000) > 1.5, $"101 hears {number}");
            Assert.True(Listening.ToneSeconds(await callee.HeardAsync(), 440) > 1.5, $"{number} hears 101");
        }

        await pbx.EndCallsAsync(alice, bruno, chloe);
    }

    private static async Task<Baresip> StartPhoneAsync(string number, string server, string localAddress, string sound)
    {
        var phone = await Baresip.StartAsync(new(number, server, number, Company.Password) { LocalAddress = localAddress }, sound);
        await phone.RegisteredAsync();
        return phone;
    }
}
