using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Contacts of phones over UDP and TCP, and what is left of them when the server is killed and starts again.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task TwoContacts_BothRing_OneUnregistered_TheOtherIsLeft_TooBriefIsRefused()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var tone = TestSound.Tone(440);
        await using var overUdp = await StartPhoneAsync(pbx, "101", "udp", tone.Path);
        await using var overTcp = await StartPhoneAsync(pbx, "101", "tcp", tone.Path);
        await using var caller = new ScriptedPhone("127.0.0.1", pbx.SipPort, "103", Company.Password);
        await pbx.EventuallyAsync(async () => (await ContactsAsync(pbx, "101")).Count == 2, "both are registered");
        Assert.Equal(["TCP", "UDP"], (await ContactsAsync(pbx, "101")).Select(contact => (string)contact["transport"]!).Order());

        var call = caller.Invite("101");
        await overUdp.WaitForAsync("CALL_INCOMING");
        await overTcp.WaitForAsync("CALL_INCOMING");
        await overTcp.AnswerAsync();
        await call.Established.WaitAsync(TimeSpan.FromSeconds(30));
        await overUdp.WaitForAsync("CALL_CLOSED");
        call.Bye();
        await overTcp.WaitForAsync("CALL_CLOSED");

        await overTcp.QuitAsync();
        await pbx.EventuallyAsync(async () => (await ContactsAsync(pbx, "101")) is [var left] && (string?)left["transport"] == "UDP", "only the UDP contact is left");

        Assert.Equal(423, await caller.RegisterAsync(expires: 10));
        Assert.Empty(await ContactsAsync(pbx, "103"));
        Assert.Equal(200, await caller.RegisterAsync(expires: 60));
        await pbx.EventuallyAsync(async () => (await ContactsAsync(pbx, "103")).Count == 1, "103 is registered");
        Assert.Equal(200, await caller.RegisterAsync(expires: 0));
        await pbx.EventuallyAsync(async () => (await ContactsAsync(pbx, "103")).Count == 0, "103 is not registered any more");
        await pbx.EndCallsAsync(overUdp, overTcp, caller);
    }

    [Fact]
    public async Task Killed_OverUdpCalledAtOnce_OverTcpAwaited_ReachedWhenBack_ElseNotRegistered()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create().Select(item => item is Extension { Number: "102" } extension
            ? extension with { OnNotRegistered = new Destination(DestinationKind.Announcement, "closed") }
            : item));
        using var tone = TestSound.Tone(440);
        await using var overUdp = await StartPhoneAsync(pbx, "101", "udp", tone.Path);
        await using var overTcp = await StartPhoneAsync(pbx, "102", "tcp", tone.Path);
        await using var caller = new ScriptedPhone("127.0.0.1", pbx.SipPort, "103", Company.Password);
        await pbx.EventuallyAsync(async () => (await ContactsAsync(pbx, "102")).Count == 1, "both are registered");
        var before = Assert.Single(await ContactsAsync(pbx, "101"));
        await pbx.RegistrationsWrittenAsync();

        await pbx.KillAsync();
        await pbx.LaunchAsync();

        // Still the binding of before, not a new one.
        Assert.Equal((string?)before["expiresAt"], (string?)Assert.Single(await ContactsAsync(pbx, "101"))["expiresAt"]);
        var first = caller.Invite("101");
        await overUdp.WaitForAsync("CALL_INCOMING");
        await overUdp.AnswerAsync();
        await first.Established.WaitAsync(TimeSpan.FromSeconds(30));
        first.Bye();
        await overUdp.WaitForAsync("CALL_CLOSED");

        Assert.True((bool)Assert.Single(await ContactsAsync(pbx, "102"))["awaitsReconnection"]!);
        var second = caller.Invite("102");
        await second.Established.WaitAsync(TimeSpan.FromSeconds(30));
        await second.Ended.WaitAsync(TimeSpan.FromSeconds(90));
        await AssertWaitedAsync(pbx);

        await AssertReachedWhenBackAsync(pbx, caller, overTcp);
        await pbx.EndCallsAsync(overUdp, overTcp, caller);
    }

    // The phone comes back as soon as the call has begun to wait.
    private static async Task AssertReachedWhenBackAsync(PbxProcess pbx, ScriptedPhone caller, Baresip phone)
    {
        var call = caller.Invite("102");
        await call.Trying.WaitAsync(TimeSpan.FromSeconds(30));
        await phone.RegisterAgainAsync();
        await phone.WaitForAsync("CALL_INCOMING");
        await phone.AnswerAsync();
        await call.Established.WaitAsync(TimeSpan.FromSeconds(30));
        await phone.WaitForAsync("CALL_ESTABLISHED");
        call.Bye();
        await phone.WaitForAsync("CALL_CLOSED");
        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()) is [{ } newest, ..] && (string?)newest["answeredBy"] == "102", "the record of the call that waited");
    }

    // The call went on from waiting by its timer: 3 s by the server's own clock.
    private static async Task AssertWaitedAsync(PbxProcess pbx)
    {
        JsonNode? record = null;
        await pbx.EventuallyAsync(async () => (record = (await pbx.TryRecordsAsync()).FirstOrDefault(r => (string?)r!["called"] == "102" && r["endedAt"] is not null)) is not null,
            "the record of the call to the phone that stays away");
        var answered = DateTimeOffset.Parse((string)record!["answeredAt"]!, CultureInfo.InvariantCulture);
        var started = DateTimeOffset.Parse((string)record["startedAt"]!, CultureInfo.InvariantCulture);
        Assert.True(answered - started > TimeSpan.FromSeconds(2.9), $"waited {answered - started}");
        Assert.Equal("service", (string?)record["outcome"]);
    }

    private static async Task<List<JsonObject>> ContactsAsync(PbxProcess pbx, string extension) =>
        [.. (await pbx.Api.GetFromJsonAsync<JsonObject>("live/registrations"))!["items"]!.AsArray().Select(row => row!.AsObject())
            .Where(row => (string?)row["extension"] == extension)];

    private static async Task<Baresip> StartPhoneAsync(PbxProcess pbx, string number, string transport, string sound)
    {
        var phone = await Baresip.StartAsync(new(number, pbx.Server, number, Company.Password) { Transport = transport, Interval = 3600 }, sound);
        await phone.RegisteredAsync();
        return phone;
    }
}
