using Pbx.Core.CallRecords;
using Pbx.Sip.Messages;
using static Pbx.Sip.Tests.Engine.TwoPhonesTests;

namespace Pbx.Sip.Tests.Engine;

/// <summary>Reliable provisional responses, session timers, UPDATE and glare, seen by the phones.</summary>
public sealed class DialogRulesTests
{
    [Fact]
    public void Progress_ForACallerThatRequires100rel_WaitsForPrackBefore200()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", more: request => request.Add(HeaderId.Require, "100rel"));
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 180);
        bench.Run();
        Assert.NotNull(a.Last(180).RSeq);

        b.Reply(invite, 200, b.Sdp());
        bench.Pass(1.2);
        Assert.True(a.Statuses.Count(status => status == 180) >= 2, "The 180 is repeated until its PRACK.");
        Assert.DoesNotContain(200, a.Statuses);

        call.Prack(a.Last(180));
        bench.Run();
        Assert.Equal(SipMethods.Invite, a.Last(200).CSeq.Method);
        call.Ack();
        bench.Run();
        End(bench, call, b);
    }

    [Fact]
    public void Progress_NeverAcknowledged_GivesTheCallUp()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", more: request => request.Add(HeaderId.Require, "100rel"));
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 180);
        bench.Pass(33);

        call.AckOf(a.Last(504));
        b.Reply(b.Take(SipMethods.Cancel), 200);
        b.Reply(invite, 487);
        AssertEnded(bench, CallOutcome.Abandoned);
    }

    [Fact]
    public void ReliableProgress_OfTheCallee_IsAcknowledgedOnceInOrder()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        Assert.True(invite.HasToken(HeaderId.Supported, "100rel"));

        for (var i = 0; i < 2; i++)
            b.Reply(invite, 183, b.Sdp(), more: response => response.Add(HeaderId.Require, "100rel").Add(HeaderId.RSeq, "7"));
        bench.Run();

        var prack = b.Take(SipMethods.Prack);
        Assert.Equal("7 1 INVITE", prack.Header(HeaderId.RAck));
        Assert.False(b.Has(SipMethods.Prack));
        b.Reply(prack, 200);
        Assert.Contains(183, a.Statuses);
        b.Reply(invite, 200);
        bench.Run();
        call.Ack();
        bench.Run();
        Assert.Equal(1, bench.Media.Bridges);
        End(bench, call, b);
    }

    [Fact]
    public void EarlyMedia_OfTheCallee_IsRelayedIn183()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();
        var invite = b.Take(SipMethods.Invite);

        b.Reply(invite, 183, b.Sdp());
        bench.Run();

        Assert.Contains("m=audio", a.Last(183).BodyText, StringComparison.Ordinal);
        var own = bench.Media.Legs.Single(leg => leg.Id.Value == 0);
        Assert.Equal(1, own.Hears?.Id.Value);
        b.Reply(invite, 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();
        Assert.Equal(a.Last(183).BodyText, call.Answer.BodyText);
        End(bench, call, b);
    }

    [Fact]
    public void INVITE_WithTooShortASession_Is422()
    {
        using var bench = new EngineBench(Company.Small());
        var a = bench.Phone("100");
        var call = a.Invite("101", more: request => request.Add(HeaderId.Supported, "timer").Add(HeaderId.SessionExpires, "60"));
        bench.Run();

        Assert.Equal("90", a.Last(422).Header(HeaderId.MinSE));
        call.AckOf(a.Last(422));
        bench.Pass(40);
        bench.AssertIdle(0);
    }

    [Fact]
    public void INVITE_RefusedWith422_IsSentAgainWithTheIntervalAsked()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 422, more: response => response.Add(HeaderId.MinSE, "3600"));
        bench.Run();
        b.Take(SipMethods.Ack);

        var again = b.Take(SipMethods.Invite);
        Assert.Equal("3600", again.Header(HeaderId.SessionExpires));
        Assert.Equal(2u, again.CSeq.Number);
        b.Reply(again, 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();
        End(bench, call, b);
    }

    [Fact]
    public void Session_ThatTheCallerDoesNotRefresh_IsEnded()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", more: request => request.Add(HeaderId.Supported, "timer").Add(HeaderId.SessionExpires, "90;refresher=uac"));
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp());
        bench.Run();
        Assert.Equal("90;refresher=uac", call.Answer.Header(HeaderId.SessionExpires));
        call.Ack();
        bench.Pass(59);
        Assert.False(a.Has(SipMethods.Bye));

        bench.Pass(2);

        a.Reply(a.Take(SipMethods.Bye), 200);
        b.Reply(b.Take(SipMethods.Bye), 200);
        AssertEnded(bench, CallOutcome.Answered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Session_ThatIsOursToRefresh_IsRefreshedAtHalfTime(bool updates)
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp(), more: response => response.Add(HeaderId.SessionExpires, "120;refresher=uac")
            .Add(HeaderId.Allow, updates ? "INVITE, ACK, BYE, UPDATE" : "INVITE, ACK, BYE"));
        bench.Run();
        call.Ack();
        bench.Pass(59);
        Assert.False(b.Has(SipMethods.Update) || b.Has(SipMethods.Invite));

        bench.Pass(2);

        var refresh = b.Take(updates ? SipMethods.Update : SipMethods.Invite);
        Assert.Equal("120;refresher=uac", refresh.Header(HeaderId.SessionExpires));
        b.Requests.Clear();
        b.Reply(refresh, 200, updates ? null : b.Sdp(), more: response => response.Add(HeaderId.SessionExpires, "120;refresher=uac"));
        bench.Run();
        Assert.Equal(!updates, b.Has(SipMethods.Ack));
        bench.Pass(40);
        Assert.Equal(1, bench.Engine.Count);
        End(bench, call, b);
    }

    [Fact]
    public void ReInvite_OfBothSidesAtOnce_Is491AndOursComesAgainLater()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101");
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 200, b.Sdp(), more: response => response.Add(HeaderId.SessionExpires, "120;refresher=uac").Add(HeaderId.Allow, "INVITE, ACK, BYE"));
        bench.Run();
        call.Ack();
        bench.Pass(61);
        var ours = b.Take(SipMethods.Invite);
        b.Requests.Clear();

        b.Send(b.Inside(invite, SipMethods.Invite, 1).Body("application/sdp", b.Sdp()));
        b.Reply(ours, 491);
        bench.Run();
        Assert.Contains(491, b.Statuses);
        bench.Pass(2);
        Assert.False(b.Has(SipMethods.Invite), "The owner of the Call-ID waits 2.1 s at least.");

        bench.Pass(2.5);
        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp(), more: response => response.Add(HeaderId.SessionExpires, "1800;refresher=uac"));
        bench.Run();
        End(bench, call, b);
    }

    [Fact]
    public void UPDATE_WithAnOffer_IsAnswered()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Talking(bench, a, b);

        b.Send(b.Inside(invite, SipMethods.Update, 1).Body("application/sdp", b.Sdp("inactive")));
        bench.Run();

        Assert.Contains("a=inactive", b.Last(200).BodyText, StringComparison.Ordinal);
        Assert.True(bench.Media.Legs.Single(leg => leg.Id.Value == 0).Playing is { Loop: true });
        End(bench, call, b);
    }

    [Fact]
    public void Request_OutOfOrder_Is500()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Talking(bench, a, b);
        b.Send(b.Inside(invite, SipMethods.Info, 9));
        bench.Run();

        b.Send(b.Inside(invite, SipMethods.Info, 8));
        bench.Run();

        Assert.Contains(500, b.Statuses);
        End(bench, call, b);
    }
}
