using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Routing;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>Calls with machines and with providers: announcement, mailbox, echo, trunks.</summary>
public sealed class ServiceCallsTests
{
    [Fact]
    public void Announcement_IsAnsweredPlayedAndEnds()
    {
        using var bench = new EngineBench(Company.Small());
        var a = bench.Phone("100");
        var call = a.Invite("300");
        bench.Run();
        call.Ack();
        bench.Run();
        var leg = bench.Media.Legs.Single();
        Assert.Equal([new Sound.OfPrompt("hello")], leg.Playing!.Value.Sounds);

        leg.EndPlay();
        bench.Run();

        a.Reply(a.Take(SipMethods.Bye), 200);
        TwoPhonesTests.AssertEnded(bench, CallOutcome.Service);
    }

    [Fact]
    public void CallFromOutside_ThatNoInboundRuleKnows_IsMarkedInItsRecord_HoweverItEnds()
    {
        var company = Company.Small();
        using var bench = new EngineBench(company.With(company.Trunks["trunk"] with { DefaultDestination = new(DestinationKind.Announcement, "info") }));
        var a = bench.Phone("+33612345678");
        var call = a.Invite("+33140000000");
        bench.Run();
        call.Ack();
        bench.Run();
        call.Bye();
        bench.Run();

        TwoPhonesTests.AssertEnded(bench, CallOutcome.Service);
        Assert.True(bench.Records[0].Unmatched);
    }

    [Fact]
    public async Task Mailbox_CallerHangsUpWhileRecording_MessageIsKept()
    {
        using var bench = new EngineBench(Company.Small());
        var a = bench.Phone("100");
        var call = a.Invite("400");
        bench.Run();
        call.Ack();
        bench.Run();
        var leg = bench.Media.Legs.Single();
        while (leg.Recording is null)
        {
            leg.EndPlay();
            bench.Run();
        }

        call.Bye();
        bench.Run();

        await Until(() => bench.Voicemail.Kept.Count == 1);
        Assert.Equal("box", bench.Voicemail.Kept[0].Mailbox);
        TwoPhonesTests.AssertEnded(bench, CallOutcome.Message);
    }

    [Fact]
    public void Mailbox_TooShort_IsDiscarded()
    {
        using var bench = new EngineBench(Company.Small());
        var a = bench.Phone("100");
        var call = a.Invite("400");
        bench.Run();
        call.Ack();
        bench.Run();
        var leg = bench.Media.Legs.Single();
        while (leg.Recording is null)
        {
            leg.EndPlay();
            bench.Run();
        }

        leg.EndRecording(RecordingEnd.HangUp, 900);
        call.Bye();
        bench.Run();

        bench.Pass(40);
        bench.AssertIdle(1);
        Assert.Single(bench.Voicemail.Discarded);
        Assert.Empty(bench.Voicemail.Kept);
    }

    [Fact]
    public void UnknownNumber_Is404OrTold()
    {
        using var bench = new EngineBench(Company.Small());
        var a = bench.Phone("100");
        var call = a.Invite("9876");
        bench.Run();
        if (a.Statuses.Contains(404)) call.AckOf(a.Last(404));
        else Finish(bench, a, call);
        bench.Pass(60);
        bench.AssertIdle(1);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(486)]
    [InlineData(503)]
    [InlineData(603)]
    public void Trunk_Refuses_CallEndsInOrder(int status)
    {
        using var bench = new EngineBench(WithOutbound());
        var (a, provider) = (bench.Phone("100"), bench.Phone("trunk"));
        var call = a.Invite("0140000001");
        bench.Run();
        var invite = provider.Take(SipMethods.Invite);
        Assert.Equal("provider.test", invite.From.Uri.Host);

        provider.Reply(invite, status, more: response => response.Add(HeaderId.Contact, "<sip:elsewhere@example.org>"));
        bench.Run();

        Finish(bench, a, call);
        bench.Pass(60);
        bench.AssertIdle(1);
        Assert.Equal(CallDirection.Outbound, bench.Records[0].Direction);
    }

    [Fact]
    public void Trunk_SaysNothing_IsGivenUpWithinItsTime()
    {
        using var bench = new EngineBench(WithOutbound());
        var (a, provider) = (bench.Phone("100"), bench.Phone("trunk"));
        var call = a.Invite("0140000001");
        bench.Pass(7);

        Assert.True(provider.Has(SipMethods.Invite));
        Assert.Contains(bench.Configuration.Current.OutboundRules.Keys, key => key == "out");
        Finish(bench, a, call);
        bench.Pass(60);
        bench.AssertIdle(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    public void Trunk_FirstServerIsSilentOrOutOfService_TheSecondTakesTheCallInTime(int status)
    {
        using var bench = new EngineBench(WithOutbound());
        var (a, first, second) = (bench.Phone("100"), bench.Phone("trunk"), bench.Phone("trunk"));
        var call = a.Invite("0140000001");
        bench.Run();
        Assert.False(second.Has(SipMethods.Invite));
        if (status == 0) bench.Pass(2.1);
        else first.Reply(first.Take(SipMethods.Invite), status);
        bench.Run();

        second.Reply(second.Take(SipMethods.Invite), 200, second.Sdp());
        bench.Run();
        call.Ack();
        // The first one wakes up too late: its call is ended, the other goes on.
        if (status == 0)
        {
            var invite = first.Take(SipMethods.Invite);
            first.Reply(invite, 200, first.Sdp(), "late");
            bench.Run();
            Assert.True(first.Has(SipMethods.Ack));
            first.Reply(first.Take(SipMethods.Bye), 200);
        }
        bench.Run();
        Assert.Equal(1, bench.Engine.Count);
        TwoPhonesTests.End(bench, call, second);
        Assert.Equal(CallOutcome.Answered, bench.Records[0].Outcome);
    }

    [Fact]
    public void Trunk_FirstServerSaysThatItTries_TheSecondIsLeftAlone()
    {
        using var bench = new EngineBench(WithOutbound());
        var (a, first, second) = (bench.Phone("100"), bench.Phone("trunk"), bench.Phone("trunk"));
        var call = a.Invite("0140000001");
        bench.Run();
        var invite = first.Take(SipMethods.Invite);
        first.Reply(invite, 100);
        bench.Pass(5);
        first.Reply(invite, 200, first.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();

        Assert.False(second.Has(SipMethods.Invite));
        TwoPhonesTests.End(bench, call, first);
    }

    [Fact]
    public void Trunk_Answers_CallIsOutboundAndCounted()
    {
        using var bench = new EngineBench(WithOutbound());
        var (a, provider) = (bench.Phone("100"), bench.Phone("trunk"));
        var call = a.Invite("0140000001");
        bench.Run();
        Assert.Equal(1, bench.TrunkCallsNow);
        provider.Reply(provider.Take(SipMethods.Invite), 200, provider.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();

        TwoPhonesTests.End(bench, call, provider);
        Assert.Equal(CallDirection.Outbound, bench.Records[0].Direction);
    }

    private static PbxSnapshot WithOutbound() => Company.Small().With(new OutboundRule
    {
        Key = "out", Name = "Out", Pattern = "0*", Steps = [new OutboundStep { Trunk = "trunk" }],
    });

    /// <summary>Whatever the machine plays is played to its end; a caller that is still there hangs up.</summary>
    private static void Finish(EngineBench bench, TestPhone a, TestCall call)
    {
        bench.Run();
        if (a.Statuses.Contains(200))
        {
            call.Ack();
            bench.Run();
            foreach (var leg in bench.Media.Legs.Where(leg => leg.Playing is { Loop: false })) leg.EndPlay();
            bench.Pass(10);
            if (!a.Has(SipMethods.Bye)) call.Bye();
            else a.Reply(a.Take(SipMethods.Bye), 200);
            bench.Run();
        }
        else if (a.Responses.LastOrDefault(response => response.Status >= 300) is { } refusal)
        {
            call.AckOf(refusal);
        }
        else
        {
            call.Cancel();
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        Assert.True(await Task.Run(() => SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60))));
    }
}
