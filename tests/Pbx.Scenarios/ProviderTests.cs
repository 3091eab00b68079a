using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Trunks;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>
/// Two providers played by sipp: one with accounts, whose answer to a call is the last three digits of its number, and one known by its
/// address, which takes every call. What they are sent, and what the caller hears of their answers.
/// </summary>
public sealed class ProviderTests
{
    private const string AccountAddress = "127.0.0.3", GatewayAddress = "127.0.0.4";
    private const double AccountTone = 700, GatewayTone = 1500;
    private static readonly int AccountPort = FreePorts.Take(), GatewayPort = FreePorts.Take();

    [Fact]
    public async Task Account_RegistersWithItsPassword_Refreshes_AndARefusalIsShown_CallsAreSentAsTheRuleSays()
    {
        await using var account = await StartAccountAsync();
        await using var gateway = await StartGatewayAsync();
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Outside());
        await pbx.EventuallyAsync(async () => await pbx.TrunkAsync("account") == "up: registered for 6 s", "the account is registered");
        await pbx.EventuallyAsync(async () => await pbx.TrunkAsync("refused") == "down: user name or password refused (403)", "the refusal is shown");

        using var sound = TestSound.Tone(440);
        await using var phone = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", sound.Path);
        await phone.DialAsync($"sip:0190000401@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        Assert.True(Listening.ToneSeconds(await phone.HeardAsync(), AccountTone) > 1, "the caller hears the provider");

        var invite = await account.RequestAsync(request => request.Method == "INVITE" && request.Header("Authorization") is not null, "INVITE with credentials");
        Assert.StartsWith("INVITE sip:+33190000401@127.0.0.3", invite.Text, StringComparison.Ordinal);
        Assert.StartsWith("sip:33199000100@127.0.0.3", invite.Uri("From"), StringComparison.Ordinal);
        Assert.StartsWith("sip:+33199000101@127.0.0.3", invite.Uri("P-Asserted-Identity"), StringComparison.Ordinal);
        Assert.DoesNotContain("provider-secret", string.Concat(account.Received().Select(request => request.Text)), StringComparison.Ordinal);

        // The provider granted 6 s: the registration is renewed, with an answer to each new challenge, and stays.
        await pbx.EventuallyAsync(() => Task.FromResult(Registers(account).Count(r => r.Header("Authorization") is not null) >= 4), "refreshes with credentials");
        var nonces = Registers(account).Where(r => r.Uri("From")!.Contains("33199000100", StringComparison.Ordinal)).Select(r => r.Header("Authorization")).OfType<string>().ToList();
        Assert.True(nonces.Distinct().Count() >= 3, string.Join('\n', nonces));
        Assert.Equal("up: registered for 6 s", await pbx.TrunkAsync("account"));
        Assert.InRange(Registers(account).Count(r => r.Uri("From")!.Contains("stranger", StringComparison.Ordinal)), 2, 3);
        await RestAsync(pbx, phone);
        await account.RequestAsync(r => r.Method == "REGISTER" && r.Header("Expires") == "0", "REGISTER that takes the binding back");
    }

    [Fact]
    public async Task EachAnswerOfTheProvider_TakesItsRoute_AndThePhoneIsToldWhy()
    {
        await using var account = await StartAccountAsync();
        await using var gateway = await StartGatewayAsync();
        await using var pbx = await PbxProcess.StartAsync();
        await ApplyAsync(pbx);
        using var sound = TestSound.Tone(440);
        await using var phone = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", sound.Path);

        // What the called side says is final: no other trunk is tried.
        foreach (var (answer, told) in (IEnumerable<(string, string)>)[("486", "486"), ("404", "404"), ("603", "603"), ("480", "480")])
            Assert.StartsWith(told, await phone.RefusedAsync($"sip:0190000{answer}@{pbx.Server}"), StringComparison.Ordinal);
        Assert.Empty(gateway.Received());

        // What the trunk says, or does not say, leads to the next one.
        foreach (var answer in (IEnumerable<string>)["408", "503", "302", "000"])
        {
            await phone.DialAsync($"sip:0190000{answer}@{pbx.Server}");
            await phone.WaitForAsync("CALL_ESTABLISHED");
            await Task.Delay(TimeSpan.FromSeconds(2));
            await phone.HangUpAsync();
            await phone.WaitForAsync("CALL_CLOSED");
            // The last packets of one call, at the port of the next, would make baresip drop all that follows.
            await pbx.EventuallyAsync(async () => (await pbx.LiveAtAsync()).Length == 0, "the call is over");
            Assert.True(Listening.ToneSeconds(await phone.HeardAsync(), GatewayTone) > 0.5, $"after {answer} the caller hears the next trunk's callee");
            var invite = await gateway.RequestAsync(r => r.Method == "INVITE" && r.Uri("To")!.Contains(answer + "@", StringComparison.Ordinal), $"INVITE after {answer}");
            Assert.StartsWith($"INVITE sip:0033190000{answer}@127.0.0.4", invite.Text, StringComparison.Ordinal);
            Assert.StartsWith("sip:+33199000199@", invite.Uri("From"), StringComparison.Ordinal);
        }

        // The last trunk's failure is the caller's.
        foreach (var (answer, told) in (IEnumerable<(string, string)>)[("503", "503"), ("302", "503"), ("408", "480"), ("000", "503")])
            Assert.StartsWith(told, await phone.RefusedAsync($"sip:0290000{answer}@{pbx.Server}"), StringComparison.Ordinal);

        // 183 without 200: the provider's sound is heard before any answer, and hanging up cancels.
        await phone.DialAsync($"sip:0190000183@{pbx.Server}");
        await phone.WaitForAsync("CALL_PROGRESS");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        Assert.True(Listening.ToneSeconds(await phone.HeardAsync(), AccountTone) > 1, "the caller hears the tone before the answer");
        await account.RequestAsync(r => r.Method == "CANCEL", "CANCEL");

        await RestAsync(pbx, phone);
        // Failover from silence, as the record has it: the guard of 6 s, not the transaction's end after 32 s.
        var silent = (await pbx.RecordsAsync()).Single(r => (string?)r!["called"] == "0190000000")!["journey"]!.AsArray();
        var attempts = silent.Where(e => (string?)e!["step"]!["code"] == "ringing").Select(e => (DateTimeOffset)e!["at"]!).ToList();
        Assert.InRange((attempts[1] - attempts[0]).TotalSeconds, 5.5, 7.5);
    }

    [Fact]
    public async Task AnsweredCaller_HearsTheToneOrTheWords_ThatFitTheProvidersAnswer()
    {
        await using var account = await StartAccountAsync();
        await using var pbx = await PbxProcess.StartAsync();
        await ApplyAsync(pbx);
        using var sound = new TestSound(new WavFile(8000, new short[480000]));
        async Task<WavFile> CallAsync(string key)
        {
            await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, sound.Path);
            await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
            await caller.WaitForAsync("CALL_ESTABLISHED");
            await caller.PressAsync(key);
            await caller.WaitForAsync("CALL_CLOSED");
            return await caller.HeardAsync();
        }

        var heard = await Task.WhenAll(CallAsync("4"), CallAsync("5"), CallAsync("6"), CallAsync("7"));
        var (busy, congestion) = (Listening.BurstSeconds(heard[0], 425), Listening.BurstSeconds(heard[1], 425));
        Assert.True(busy is > 0.4 and < 0.6 && congestion is > 0.2 and < 0.3, $"busy bursts {busy} s, congestion bursts {congestion} s");
        string[] phrases = [Phrases.NumberUnknown, Phrases.Unavailable];
        for (var i = 0; i < 2; i++)
        {
            for (var other = 0; other < 2; other++)
                Assert.InRange(Listening.Contains(heard[2 + i], await pbx.PhraseAsync(phrases[other])), other == i ? 0.6 : 0, other == i ? 1 : 0.4);
        }
        await RestAsync(pbx);
    }

    [Fact]
    public async Task EmergencyNumbers_PassWithoutRight_AndWhenTheFirstTrunkIsDownOrFullOrRefuses()
    {
        await using var account = await StartAccountAsync();
        await using var gateway = await StartGatewayAsync();
        await using var pbx = await PbxProcess.StartAsync();
        await ApplyAsync(pbx, mostCalls: 1);
        using var sound = TestSound.Tone(440);
        await using var allowed = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", sound.Path);
        await using var phone = await ReferenceScenarioTests.StartAgentAsync(pbx, "102", sound.Path);
        Assert.StartsWith("403", await phone.RefusedAsync($"sip:0190000486@{pbx.Server}"), StringComparison.Ordinal);

        // The first emergency trunk is down (refused); the second takes one call, which 101 has, and its provider knows no 112.
        await allowed.DialAsync($"sip:0190000200@{pbx.Server}");
        await allowed.WaitForAsync("CALL_ESTABLISHED");
        foreach (var number in (IEnumerable<string>)["15", "17", "18", "112"])
        {
            await phone.DialAsync($"sip:{number}@{pbx.Server}");
            await phone.WaitForAsync("CALL_ESTABLISHED");
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            await phone.HangUpAsync();
            await phone.WaitForAsync("CALL_CLOSED");
            // The last packets of one call, at the port of the next, would make baresip drop all that follows.
            await pbx.EventuallyAsync(async () => (await pbx.LiveAtAsync()).Length == 0, "the call is over");
            Assert.True(Listening.ToneSeconds(await phone.HeardAsync(), GatewayTone) > 0.5, $"{number} is answered");
            await gateway.RequestAsync(r => r.Text.StartsWith($"INVITE sip:{number}@127.0.0.4", StringComparison.Ordinal), number);
        }
        await allowed.HangUpAsync();
        await RestAsync(pbx, allowed, phone);
    }

    private static Task<Sipp> StartAccountAsync() => Sipp.ProvideAsync(Scenario("provider.xml"), AccountAddress, AccountPort, AccountTone);

    private static Task<Sipp> StartGatewayAsync() => Sipp.ProvideAsync(Scenario("gateway.xml"), GatewayAddress, GatewayPort, GatewayTone);

    private static string Scenario(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Peers", name));

    /// <summary>At rest there are no accounts either: each of their refreshes is a transaction.</summary>
    private static async Task RestAsync(PbxProcess pbx, params IEnumerable<IAsyncDisposable> phones)
    {
        await pbx.ApplyAsync(Company.Create());
        await pbx.EndCallsAsync(phones);
    }

    private static IEnumerable<SipText> Registers(Sipp provider) => provider.Received().Where(request => request.Method == "REGISTER");

    private static async Task ApplyAsync(PbxProcess pbx, int mostCalls = 0)
    {
        await pbx.ApplyAsync(Outside(mostCalls));
        await pbx.EventuallyAsync(async () => (await pbx.TrunkAsync("account")).StartsWith("up", StringComparison.Ordinal), "the account is registered");
        await pbx.EventuallyAsync(async () => (await pbx.TrunkAsync("refused")).StartsWith("down", StringComparison.Ordinal), "the stranger is refused");
    }

    /// <summary>The company with its two providers; only 101 may call outside, and keys 4 to 7 of the menu lead outside.</summary>
    private static IEnumerable<IConfigObject> Outside(int mostCalls = 0) =>
    [
        .. Company.Create().Select(item => item switch
        {
            Extension { Key: "101" } extension => extension with { PresentedNumber = "+33199000101" },
            IvrMenu menu => menu with
            {
                DialNumbers = false,
                Keys = [.. menu.Keys, Outside("4", "0290000486"), Outside("5", "0290000503"), Outside("6", "0290000404"), Outside("7", "0290000480")],
            },
            SystemSettings settings => settings with { EmergencyTrunks = ["refused", "account", "gateway"] },
            _ => item,
        }),
        Account("account", "33199000100") with { MaxCalls = mostCalls },
        Account("refused", "stranger"),
        new Trunk { Key = "gateway", Name = "Secours", Site = "paris", Host = GatewayAddress, Port = GatewayPort, Numbers = ["+33199000198"], QualifySeconds = 0 },
        new OutboundRule
        {
            Key = "both", Name = "France", Pattern = "01*", Extensions = ["101"],
            Steps = [new() { Trunk = "account", Strip = 1, Prepend = "+33" }, new() { Trunk = "gateway", Strip = 1, Prepend = "0033", PresentedNumber = "+33199000199" }],
        },
        new OutboundRule { Key = "one", Name = "Sans secours", Pattern = "02*", Steps = [new() { Trunk = "account" }] },
    ];

    private static Trunk Account(string key, string user) => new()
    {
        Key = key, Name = key, Site = "paris", Host = AccountAddress, Port = AccountPort, Registers = true, UserName = user, Password = new Secret("provider-secret"),
        ExpiresSeconds = 60, Numbers = ["+33199000100"], QualifySeconds = 0,
    };

    private static IvrKey Outside(string key, string number) => new(key, new(DestinationKind.External, number));
}
