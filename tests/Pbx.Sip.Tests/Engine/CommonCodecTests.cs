using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>Phones that speak Opus alone, or nothing that their callee speaks.</summary>
public sealed class CommonCodecTests
{
    [Fact]
    public void OpusAlone_CallsPcmaAlone_IsOfferedOpusAlone_AndTheCallerGets488()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", Opus(a));
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        // PCMA would connect the two and let neither hear the other.
        Assert.Contains("RTP/AVP 96 101\r\n", invite.BodyText, StringComparison.Ordinal);
        b.Reply(invite, 488);
        bench.Run();

        AssertRefused(bench, a, call, 488, "incompatible, server");
        Assert.Contains(bench.Records[0].Journey, e => e.Step == new JourneyStep(JourneyCodes.NotAnswered, "extension:101", "incompatible"));
    }

    [Fact]
    public void CalleeThatAcceptsWhatWasNotOffered_IsLetGo_AndTheCallerGets488()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", Opus(a));
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp(codecs: "8"));
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        bench.Run();

        AssertRefused(bench, a, call, 488, "incompatible, server");
    }

    [Fact]
    public void CommonCodecWanting_TakesTheExtensionsOtherRoute()
    {
        var company = Company.Small();
        using var bench = new EngineBench(company.With(company.Extensions["101"] with { OnNotRegistered = new(DestinationKind.Extension, "102") }));
        var (a, b, c) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("102"));
        var call = a.Invite("101", Opus(a));
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 488);
        bench.Run();
        c.Reply(c.Take(SipMethods.Invite), 200, Opus(c));
        bench.Run();
        call.Ack();
        bench.Run();

        Assert.All(bench.Media.Legs.Where(leg => !leg.IsClosed), leg => Assert.Equal("opus", leg.Media!.Codecs[0].Name));
        TwoPhonesTests.End(bench, call, c);
    }

    [Fact]
    public void OpusAlone_ThatOnlyTheServerCouldAnswer_IsRecordedAsFailed_NotAsAbandoned()
    {
        var company = Company.Small();
        using var bench = new EngineBench(company.With(company.Extensions["101"] with { Mailbox = "box" }));
        var a = bench.Phone("100");
        var call = a.Invite("101", Opus(a));
        bench.Run();

        AssertRefused(bench, a, call, 488, "incompatible, server");
    }

    [Fact]
    public void Call_ForWhichNoPortIsFree_IsRecordedAsFailed()
    {
        using var bench = new EngineBench(Company.Small());
        var a = bench.Phone("100");
        bench.Media.Refuses = true;
        var call = a.Invite("300");
        bench.Run();

        AssertRefused(bench, a, call, 503, "congestion, server");
    }

    private static string Opus(TestPhone phone) => phone.Sdp(codecs: "96") + "a=rtpmap:96 opus/48000/2\r\n";

    private static void AssertRefused(EngineBench bench, TestPhone caller, TestCall call, int status, string ended)
    {
        call.AckOf(caller.Last(status));
        TwoPhonesTests.AssertEnded(bench, CallOutcome.Failed);
        Assert.Equal(ended, bench.Records[0].Journey[^1].Step.Detail);
        Assert.Null(bench.Records[0].AnsweredBy);
    }
}
