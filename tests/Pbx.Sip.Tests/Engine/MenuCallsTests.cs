using Pbx.Core.Common;
using Pbx.Core.Ivr;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

public sealed class MenuCallsTests
{
    /// <summary>A phone that sends its digits by INFO reaches the same place as one that sends them in its stream.</summary>
    [Theory]
    [InlineData("application/dtmf-relay", "Signal=1\r\nDuration=160\r\n")]
    [InlineData("application/dtmf", "1")]
    public void Menu_KeyByInfo_IsTaken(string type, string body)
    {
        var menu = new IvrMenu { Key = "menu", Name = "Menu", Number = "800", Site = "main", Prompt = "hello", Keys = [new("1", new(DestinationKind.Extension, "101"))] };
        using var bench = new EngineBench(Company.Small().With(menu));
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("800");
        bench.Run();
        call.Ack();
        bench.Run();
        Assert.NotNull(bench.Media.Legs[0].Playing);

        call.Info(type, body);
        bench.Run();

        Assert.Equal(SipMethods.Info, a.Last(200).CSeq.Method);
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 200, b.Sdp());
        bench.Run();
        TwoPhonesTests.End(bench, call, b);
        Assert.Contains(bench.Records[0].Journey, e => e.Step == new JourneyStep(JourneyCodes.KeyPressed, "ivr:menu", "1"));
    }
}
