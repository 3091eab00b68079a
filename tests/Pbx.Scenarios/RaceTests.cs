using System.Collections.Concurrent;
using System.Threading.Channels;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>
/// Races with random timing, a thousand times each, against the real process over UDP: whatever the order, each call ends with one bridge or
/// none, and nothing is left hanging.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RaceTests
{
    private const int Repetitions = 1000, AtOnce = 20;

    [Fact]
    public async Task CancelAgainst200_EndsOnBothSides()
    {
        await using var pbx = await StartAsync();
        await using var caller = await PhoneAsync(pbx, "103");
        await using var callee = await PhoneAsync(pbx, "101");
        callee.OnIncoming = call => Later(() => call.Ring(), 0, then: () => Later(() => call.Answer(), 12));

        await RepeatAsync(async () =>
        {
            var call = caller.Invite("101");
            await Task.WhenAny(call.Ringing, call.Established, call.Ended).WaitAsync(Patience);
            Later(call.Cancel, 12);
            await Task.WhenAny(call.Established, call.Ended).WaitAsync(Patience);
            if (call.Established.IsCompleted) call.Bye();
            await call.Ended.WaitAsync(Patience);
        });

        await AssertAllEndedAsync(pbx, caller, callee);
    }

    [Fact]
    public async Task ByeAgainstReInvite_EndsOnBothSides()
    {
        await using var pbx = await StartAsync();
        await using var caller = await PhoneAsync(pbx, "103");
        await using var callee = await PhoneAsync(pbx, "101");
        callee.OnIncoming = call => Later(() => call.Answer(), 1, then: () => Later(call.Bye, 10, after: 20));

        await RepeatAsync(async () =>
        {
            var call = caller.Invite("101");
            await EstablishedAsync(call);
            Later(() => call.ReInvite("sendonly"), 10, after: 20);
            await call.Ended.WaitAsync(Patience);
        });

        await AssertAllEndedAsync(pbx, caller, callee);
    }

    [Fact]
    public async Task OurRefreshAgainstThePhonesReInvite_SomeAreRefusedWith491_AndEveryCallGoesOn()
    {
        await using var pbx = await StartAsync();
        await using var caller = await PhoneAsync(pbx, "103");
        await using var callee = await PhoneAsync(pbx, "101", thinks: true);
        callee.OnIncoming = call => Later(() => call.Answer(RefreshSoon), 1, then: () => Later(() => call.ReInvite(), 20, after: 490));

        await RepeatAsync(async () =>
        {
            var call = caller.Invite("101");
            await EstablishedAsync(call);
            await Task.Delay(600);
            Assert.False(call.Ended.IsCompleted, "the glare must not end the call");
            call.Bye();
        }, atOnce: 50);

        await AssertAllEndedAsync(pbx, caller, callee);
        Assert.True(callee.Calls.Values.Sum(call => call.Finals.Count(status => status == 491)) > 0, "no re-INVITE of the phone met ours");
        Assert.All(callee.Calls.Values.SelectMany(call => call.Finals), status => Assert.True(status is 200 or 491 or 481, $"{status}"));
    }

    [Fact]
    public async Task OurRefreshAgainstThePhonesBye_EndsOnBothSides()
    {
        await using var pbx = await StartAsync();
        await using var caller = await PhoneAsync(pbx, "103");
        await using var callee = await PhoneAsync(pbx, "101", thinks: true);
        callee.OnIncoming = call => Later(() => call.Answer(RefreshSoon), 1, then: () => Later(call.Bye, 20, after: 490));

        await RepeatAsync(async () =>
        {
            var call = caller.Invite("101");
            await EstablishedAsync(call);
            await call.Ended.WaitAsync(Patience);
        }, atOnce: 50);

        await AssertAllEndedAsync(pbx, caller, callee);
        Assert.True(callee.Calls.Values.Any(call => call.ReInvites.Contains(481)), "no refresh of ours met the phone's BYE");
    }

    [Fact]
    public async Task TwoMembersAnswerAtOnce_OneTalks_TheOtherIsReleased()
    {
        await using var pbx = await StartAsync(new RingGroup { Key = "both", Name = "Both", Number = "850", Site = "paris", Members = ["101", "102"] });
        await using var caller = await PhoneAsync(pbx, "103");
        await using var first = await PhoneAsync(pbx, "101");
        await using var second = await PhoneAsync(pbx, "102");
        first.OnIncoming = call => Later(() => call.Answer(), 6);
        second.OnIncoming = call => Later(() => call.Answer(), 6);

        await RepeatAsync(async () =>
        {
            var call = caller.Invite("850");
            await EstablishedAsync(call);
            await Task.Delay(15);
            call.Bye();
        });

        await AssertAllEndedAsync(pbx, caller, first, second);
        Assert.All(caller.Calls.Values, call => Assert.Equal(1, call.Finals.Count(status => status == 200)));
    }

    [Fact]
    public async Task TwoAgentsOfAQueueAnswerAtOnce_OneTalks_TheOtherIsReleased()
    {
        // Both agents of a queue are busy while one talks; as many queues as go on at once.
        await using var pbx = await StartAsync([.. Enumerable.Range(0, AtOnce).SelectMany(RingAllQueue)]);
        var phones = new ConcurrentBag<ScriptedPhone>();
        var released = new ConcurrentBag<string>();

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            ScriptedPhone caller = await PhoneAsync(pbx, $"{300 + lane}"), first = await PhoneAsync(pbx, $"{200 + lane}"), second = await PhoneAsync(pbx, $"{500 + lane}");
            var offers = Channel.CreateUnbounded<ScriptedCall>();
            foreach (var agent in (ScriptedPhone[])[first, second]) agent.OnIncoming = offer => offers.Writer.TryWrite(offer);
            foreach (var phone in (ScriptedPhone[])[caller, first, second]) phones.Add(phone);
            for (var i = 0; i < Repetitions / AtOnce; i++) released.Add(await BothAnswerAsync(caller, $"{400 + lane}", offers.Reader));
        })));

        await AssertAllEndedAsync(pbx, [.. phones]);
        Assert.Equal(Repetitions, released.Count);
        Assert.True(released.Contains("BYE"), "the answers never crossed");
    }

    /// <summary>One call that both agents answer: one stays up until the caller leaves. Returns how the other was released.</summary>
    private static async Task<string> BothAnswerAsync(ScriptedPhone caller, string queue, ChannelReader<ScriptedCall> offers)
    {
        using var patience = new CancellationTokenSource(Patience);
        var call = caller.Invite(queue);
        await EstablishedAsync(call);
        ScriptedCall[] offered = [await offers.ReadAsync(patience.Token), await offers.ReadAsync(patience.Token)];
        foreach (var offer in offered) Later(() => offer.Answer(), 3);
        await Task.WhenAny(offered[0].Ended, offered[1].Ended).WaitAsync(Patience);
        await Task.Delay(20);
        var talking = Assert.Single(offered, offer => offer.Established.IsCompleted && !offer.Ended.IsCompleted);
        var other = Assert.Single(offered, offer => offer.Ended.IsCompleted);
        Assert.True(other.Byes == (other.Established.IsCompleted ? 1 : 0) && (other.Byes == 1 || other.Cancelled is not null), "the other is released once");
        Assert.False(call.Ended.IsCompleted, "the caller goes on with the one");
        call.Bye();
        await talking.Ended.WaitAsync(Patience);
        Assert.Equal(1, talking.Byes);
        await Task.Delay(20);
        return other.Byes == 1 ? "BYE" : "CANCEL";
    }

    [Fact]
    public async Task AgentLogsOutWhileOffered_TheCallerIsServedOrReleased()
    {
        // One agent a queue, so that each log-out meets an offer; as many queues as go on at once.
        await using var pbx = await StartAsync([.. Enumerable.Range(0, AtOnce).SelectMany(RaceQueue)]);
        var phones = new ConcurrentBag<ScriptedPhone>();

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            var (caller, agent) = (await PhoneAsync(pbx, $"{300 + lane}"), await PhoneAsync(pbx, $"{200 + lane}"));
            phones.Add(caller);
            phones.Add(agent);
            agent.OnIncoming = call => Later(() => call.Answer(), 40);
            for (var i = 0; i < Repetitions / AtOnce; i++) await LogOutDuringOfferAsync(caller, agent, $"{400 + lane}");
        })));

        await AssertAllEndedAsync(pbx, [.. phones]);
        // Whoever was refused was refused for this reason and for no other.
        var refused = phones.SelectMany(phone => phone.Calls.Values).Count(call => call.Finals.Contains(503));
        Assert.InRange(refused, 0, (await pbx.CountersAsync())["requests-shed"]);
    }

    private static async Task LogOutDuringOfferAsync(ScriptedPhone caller, ScriptedPhone agent, string queue)
    {
        var call = await ServedAsync(caller, queue);
        var code = agent.Invite("*63");
        await Task.WhenAny(code.Established, code.Ended).WaitAsync(Patience);
        await Task.Delay(Random.Shared.Next(30));
        if (!call.Ended.IsCompleted) call.Bye();
        code.Bye();
        var back = agent.Invite("*62");
        await Task.WhenAny(back.Established, back.Ended).WaitAsync(Patience);
        await Task.Delay(20);
        back.Bye();
    }

    /// <summary>
    /// A call that is established. Twenty queues at once, of which each logs its agent out and in without a pause, are more than a server that has just
    /// started is through with in a tenth of a second: it says 503 with Retry-After to some, and a phone then comes again.
    /// </summary>
    private static async Task<ScriptedCall> ServedAsync(ScriptedPhone caller, string number)
    {
        for (var attempt = 1; ; attempt++)
        {
            var call = caller.Invite(number);
            await Task.WhenAny(call.Established, call.Ended).WaitAsync(Patience);
            if (call.Established.IsCompletedSuccessfully || attempt == 5)
            {
                await EstablishedAsync(call);
                return call;
            }
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
    }

    private static IConfigObject[] RaceQueue(int lane) =>
    [
        Device($"{200 + lane}"), Device($"{300 + lane}"),
        new Queue
        {
            Key = $"race{lane}", Name = $"Race {lane}", Number = $"{400 + lane}", Site = "paris", Agents = [new($"{200 + lane}")], RingSeconds = 5, MaxWaitSeconds = 5,
            OnNoAnswer = Destination.HangUp,
        },
    ];

    private static IConfigObject[] RingAllQueue(int lane) =>
    [
        Device($"{200 + lane}"), Device($"{300 + lane}"), Device($"{500 + lane}"),
        new Queue
        {
            Key = $"both{lane}", Name = $"Both {lane}", Number = $"{400 + lane}", Site = "paris", Strategy = RingStrategy.RingAll,
            Agents = [new($"{200 + lane}"), new($"{500 + lane}")],
        },
    ];

    // Our refresh comes half a second after this answer: nothing forbids a callee to be so impatient (RFC 4028 section 9 binds it to Min-SE
    // only where the request has it), and none needs to wait for minutes.
    private const string RefreshSoon = "Session-Expires: 1;refresher=uac\r\nRequire: timer\r\n";

    private static Extension Device(string number) => new()
    {
        Key = number, Name = number, Number = number, Site = "paris", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "phone", UserName = number, Password = new Secret(Company.Password) }],
    };

    private static TimeSpan Patience => TimeSpan.FromSeconds(30);

    private static async Task<PbxProcess> StartAsync(params IConfigObject[] further)
    {
        // A port rests after its call, so thousands of calls a minute need many; those in use are passed over.
        // And one extension makes a thousand calls in a minute, which is what the limits are there to stop.
        var pbx = await PbxProcess.StartAsync(new Dictionary<string, string>
        {
            ["PBX__Rtp__PortRange"] = "40000-59999",
            ["PBX__Sip__Limits__CallsPerExtension"] = "1000",
            ["PBX__Sip__Limits__CallsPerMinute"] = "100000",
            ["PBX__Sip__Limits__CallsPerAddress"] = "10000",
        });
        await pbx.ApplyAsync([.. Company.Create(), .. further]);
        return pbx;
    }

    private static async Task<ScriptedPhone> PhoneAsync(PbxProcess pbx, string number, bool thinks = false)
    {
        var phone = new ScriptedPhone("127.0.0.1", pbx.SipPort, number, Company.Password)
        {
            Thinks = thinks ? () => TimeSpan.FromMilliseconds(Random.Shared.Next(8)) : null,
        };
        Assert.Equal(200, await phone.RegisterAsync());
        return phone;
    }

    private static async Task EstablishedAsync(ScriptedCall call)
    {
        await Task.WhenAny(call.Established, call.Ended).WaitAsync(Patience);
        Assert.True(call.Established.IsCompleted, $"the call was refused: {string.Join(' ', call.Finals)}");
    }

    private static async Task RepeatAsync(Func<Task> once, int atOnce = AtOnce)
    {
        var left = Repetitions;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0) await once();
        })));
    }

    private static void Later(Action action, int withinMilliseconds, int after = 0, Action? then = null) => _ = Task.Run(async () =>
    {
        if (withinMilliseconds > 0) await Task.Delay(after + Random.Shared.Next(withinMilliseconds));
        action();
        then?.Invoke();
    });

    private static async Task AssertAllEndedAsync(PbxProcess pbx, params ScriptedPhone[] phones)
    {
        await pbx.EventuallyAsync(() => Task.FromResult(phones.All(p => p.Calls.Values.All(c => c.Ended.IsCompleted))),
            "every call has ended on every phone");
        await pbx.EndCallsAsync(phones);
    }
}
