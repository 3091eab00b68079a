using Pbx.Core.CallRecords;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>Two phones through the real stack, with each race forced in its order.</summary>
public sealed class TwoPhonesTests
{
    [Fact]
    public void Call_Answered_BridgesAndEndsOnce()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Ringing(bench, a, b);
        Assert.Contains(180, a.Statuses);

        b.Reply(invite, 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();

        Assert.True(b.Has(SipMethods.Ack));
        Assert.Equal(1, bench.Media.Bridges);
        call.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
        Assert.Equal("101", bench.Records[0].AnsweredBy);
        Assert.Equal(2, bench.Records[0].Quality.Count);
    }

    [Fact]
    public void Call_CalleeHangsUp_CallerGetsBye()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (_, invite) = Talking(bench, a, b);

        b.Send(b.Inside(invite, SipMethods.Bye, 1));
        bench.Run();

        Assert.Contains(200, b.Statuses);
        a.Reply(a.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void Call_CallerCancels_CalleeIsCancelled()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Ringing(bench, a, b);

        call.Cancel();
        bench.Run();

        call.AckOf(a.Last(487));
        Assert.Null(b.Take(SipMethods.Cancel).Header(HeaderId.Reason));
        b.Reply(invite, 487);
        AssertEnded(bench, CallOutcome.Abandoned);
        Assert.Equal(0, bench.Media.Bridges);
    }

    [Fact]
    public void CANCEL_BeforeThe200OfTheCallee_EndsItsLegByAckAndBye()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Ringing(bench, a, b);

        call.Cancel();
        b.Reply(invite, 200, b.Sdp());
        bench.Run();

        call.AckOf(a.Last(487));
        Assert.True(b.Has(SipMethods.Ack));
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Abandoned);
    }

    [Fact]
    public void CANCEL_AfterThe200OfTheCallee_HasNoEffect()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Ringing(bench, a, b);

        b.Reply(invite, 200, b.Sdp());
        call.Cancel();
        bench.Run();

        Assert.DoesNotContain(487, a.Statuses);
        Assert.Equal(1, bench.Media.Bridges);
        call.Ack();
        call.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void BYE_AgainstReInvite_EndsBothLegsOnce()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Talking(bench, a, b);

        b.Send(b.Inside(invite, SipMethods.Bye, 1));
        call.ReInvite(a.Sdp("sendonly"));
        bench.Run();

        Assert.Contains(481, a.Statuses);
        a.Reply(a.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void ReInvite_BeforeBye_IsAnsweredAndThenTheCallEnds()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Talking(bench, a, b);

        call.ReInvite(a.Sdp("sendonly"));
        b.Send(b.Inside(invite, SipMethods.Bye, 1));
        bench.Run();

        Assert.Contains("a=recvonly", a.Last(200).BodyText, StringComparison.Ordinal);
        // RFC 3261 §15: our BYE waits for the ACK of our 200.
        Assert.False(a.Has(SipMethods.Bye));
        call.Ack();
        bench.Run();
        a.Reply(a.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void Fork_TwoDevicesAnswerAtOnce_OneIsBridgedTheOtherEnded()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b, c) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();

        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp(), "b");
        c.Reply(c.Take(SipMethods.Invite), 200, c.Sdp(), "c");
        bench.Run();
        call.Ack();
        bench.Run();

        Assert.Equal(1, bench.Media.Bridges);
        Assert.False(b.Has(SipMethods.Bye));
        Assert.True(c.Has(SipMethods.Ack));
        c.Reply(c.Take(SipMethods.Bye), 200);
        call.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void Fork_OneDeviceAnswers_OthersAreToldWhy()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b, c) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();
        var (first, second) = (b.Take(SipMethods.Invite), c.Take(SipMethods.Invite));
        b.Reply(first, 180);
        c.Reply(second, 180);
        bench.Run();

        b.Reply(first, 200, b.Sdp());
        bench.Run();

        var cancel = c.Take(SipMethods.Cancel);
        Assert.Contains("cause=200", cancel.Header(HeaderId.Reason), StringComparison.Ordinal);
        c.Reply(cancel, 200);
        c.Reply(second, 487);
        call.Ack();
        call.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void Fork_AllDevicesRefuse_CallerHearsWhatPeopleDid()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b, c) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();

        b.Reply(b.Take(SipMethods.Invite), 486);
        c.Reply(c.Take(SipMethods.Invite), 480);
        bench.Run();

        call.AckOf(a.Last(486));
        AssertEnded(bench, CallOutcome.Failed);
    }

    [Fact]
    public void Fork_BranchesOfAProxy_BothAccept_SecondIsEnded()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Ringing(bench, a, b);

        b.Reply(invite, 200, b.Sdp(), "one");
        b.Reply(invite, 200, b.Sdp(), "two");
        bench.Run();
        call.Ack();
        bench.Run();

        Assert.Equal(2, b.Requests.Count(request => request.Method == SipMethods.Ack));
        var bye = b.Take(SipMethods.Bye);
        Assert.Equal("two", bye.To.Tag);
        b.Reply(bye, 200);
        Assert.Equal(1, bench.Media.Bridges);
        call.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void OK_NotAcknowledged_IsRepeatedThenEnded()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (_, invite) = Ringing(bench, a, b);
        b.Reply(invite, 200, b.Sdp());
        bench.Run();

        bench.Pass(31);
        Assert.True(a.Statuses.Count(status => status == 200) >= 9, "The 200 is repeated with doubling intervals.");
        bench.Pass(2);

        a.Reply(a.Take(SipMethods.Bye), 200);
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void OK_ThatComesAgain_IsAcknowledgedAgain()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Talking(bench, a, b);
        b.Requests.Clear();

        b.Reply(invite, 200, b.Sdp());
        bench.Run();

        Assert.Equal([SipMethods.Ack], b.Requests.Select(request => request.Method));
        End(bench, call, b);
    }

    [Fact]
    public void Hold_AndResume_AreAnsweredAndTheOtherHearsMusic()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, _) = Talking(bench, a, b);
        var legOfB = bench.Media.Legs.Single(leg => leg.Id.Value == 1);

        call.ReInvite(a.Sdp("sendonly"));
        bench.Run();
        call.Ack();
        bench.Run();
        Assert.Contains("a=recvonly", a.Last(200).BodyText, StringComparison.Ordinal);
        Assert.True(legOfB.Playing is { Loop: true });

        call.ReInvite(a.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();
        Assert.Contains("a=sendrecv", a.Last(200).BodyText, StringComparison.Ordinal);
        Assert.Null(legOfB.Playing);
        End(bench, call, b);
    }

    [Fact]
    public void INVITE_WithoutOffer_IsOfferedIn200AndTakesTheAnswerFromAck()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", sdp: null);
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp());
        bench.Run();

        Assert.Contains("m=audio", call.Answer.BodyText, StringComparison.Ordinal);
        call.Ack(a.Sdp());
        bench.Run();

        Assert.NotNull(bench.Media.Legs.Single(leg => leg.Id.Value == 0).Media);
        End(bench, call, b);
    }

    [Fact]
    public void INVITE_WithNothingInCommon_Is488()
    {
        using var bench = new EngineBench(Company.Small());
        var a = bench.Phone("100");
        var call = a.Invite("101", a.Sdp(codecs: "120"));
        bench.Run();

        call.AckOf(a.Last(488));
        bench.Pass(40);
        bench.AssertIdle(0);
    }

    [Fact]
    public void Codec_ThatOnlyThePhonesHave_IsRelayed()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", a.Sdp(codecs: "18 8"));
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        Assert.Contains("RTP/AVP 18 8", invite.BodyText, StringComparison.Ordinal);

        b.Reply(invite, 200, b.Sdp(codecs: "18"));
        bench.Run();
        call.Ack();
        bench.Run();

        Assert.All(bench.Media.Legs, leg => Assert.Equal("G729", leg.Media!.Codecs[0].Name));
        End(bench, call, b);
    }

    [Fact]
    public void INFO_WithADigit_IsSentOnInTheOtherStream()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, _) = Talking(bench, a, b);

        call.Info("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n");
        bench.Run();

        Assert.Equal(['5'], bench.Media.Legs.Single(leg => leg.Id.Value == 1).Sent);
        End(bench, call, b);
    }

    [Fact]
    public void MediaLost_PhoneThatAnswersStays_OneThatDoesNotIsEnded()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        Talking(bench, a, b);
        var legOfB = bench.Media.Legs.Single(leg => leg.Id.Value == 1);

        legOfB.Listener.MediaLost(legOfB.Id, TimeSpan.FromSeconds(60));
        bench.Run();
        b.Reply(b.Take(SipMethods.Options), 200);
        bench.Pass(40);
        Assert.Equal(1, bench.Engine.Count);

        legOfB.Listener.MediaLost(legOfB.Id, TimeSpan.FromSeconds(60));
        bench.Pass(33);
        a.Reply(a.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void MediaGone_OfEitherLeg_BothPhonesGetBye(int lost)
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        Talking(bench, a, b);
        var leg = bench.Media.Legs.Single(leg => leg.Id.Value == lost);

        leg.Listener.Gone(leg.Id);
        bench.Run();

        a.Reply(a.Take(SipMethods.Bye), 200);
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Fact]
    public void MediaGone_WhileItRings_TheCalleeIsCancelled()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (_, invite) = Ringing(bench, a, b);
        var leg = bench.Media.Legs.Single(leg => leg.Id.Value == 1);

        leg.Listener.Gone(leg.Id);
        bench.Run();

        b.Take(SipMethods.Cancel);
        b.Reply(invite, 487);
        bench.Run();
        Assert.True(leg.IsClosed);
    }

    [Fact]
    public void Console_HangsUp_BothPhonesGetBye()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        Talking(bench, a, b);

        Assert.True(bench.Engine.HangUp(bench.Live.Topic.Current[0].Id, Core.CallFlow.HangUpReason.Normal));
        bench.Run();

        a.Reply(a.Take(SipMethods.Bye), 200);
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    internal static (TestCall Call, SipRequest Invite) Ringing(EngineBench bench, TestPhone a, TestPhone b)
    {
        var call = a.Invite(b.Number);
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 180);
        bench.Run();
        return (call, invite);
    }

    internal static (TestCall Call, SipRequest Invite) Talking(EngineBench bench, TestPhone a, TestPhone b)
    {
        var (call, invite) = Ringing(bench, a, b);
        b.Reply(invite, 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();
        return (call, invite);
    }

    internal static void End(EngineBench bench, TestCall call, TestPhone b)
    {
        call.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    internal static void AssertEnded(EngineBench bench, CallOutcome outcome)
    {
        bench.Pass(40);
        bench.AssertIdle(1);
        Assert.Equal(outcome, bench.Records[0].Outcome);
    }
}
