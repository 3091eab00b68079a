using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>What a call tells of how a device's sound is encrypted: only what the device itself has shown.</summary>
public sealed class KeysShownTests
{
    private const string Crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
    private static readonly (string, string) Caller = ("100", "caller"), Called = ("101", "101");

    [Theory]
    [InlineData("", "")]
    [InlineData(Crypto, "SDES, AES_CM_128_HMAC_SHA1_80")]
    public void Caller_ShowsByItsOffer(string keys, string expected)
    {
        using var bench = new EngineBench(Company.Small());
        Talk(bench, keys, "");

        Assert.Equal(expected, bench.Sounded[Caller]);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(Crypto, "SDES, AES_CM_128_HMAC_SHA1_80")]
    public void Called_ThatWasOfferedKeys_ShowsByItsAnswer(string keys, string expected)
    {
        using var bench = new EngineBench(Company.Small());
        bench.Security["101"] = CallSecurity.Preferred;
        // Our fourth line is of the suite that the phone takes.
        Talk(bench, "", keys.Replace("crypto:1", "crypto:4", StringComparison.Ordinal));

        Assert.Equal(expected, bench.Sounded[Called]);
    }

    [Fact]
    public void Called_ThatWasOfferedNoKeys_HasShownNothing()
    {
        using var bench = new EngineBench(Company.Small());
        bench.Security["101"] = CallSecurity.ClearAllowed;
        Talk(bench, "", "");

        Assert.Equal([Caller], bench.Sounded.Keys);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(Crypto, "SDES, AES_CM_128_HMAC_SHA1_80")]
    public void Provider_ThatCalls_ShowsByItsOffer(string keys, string expected)
    {
        var company = Company.Small();
        using var bench = new EngineBench(company.With(company.Trunks["trunk"] with { DefaultDestination = new(DestinationKind.Announcement, "info") }));
        var provider = bench.Phone("+33612345678");
        var call = provider.Invite("+33140000000", provider.Sdp() + keys);
        bench.Run();
        call.Ack();
        bench.Run();
        call.Bye();
        bench.Run();

        Assert.Equal(expected, bench.TrunkSounded["trunk"]);
        Assert.Empty(bench.Sounded);
    }

    private static void Talk(EngineBench bench, string callerKeys, string calledKeys)
    {
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", a.Sdp() + callerKeys);
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp() + calledKeys);
        bench.Run();
        call.Ack();
        bench.Run();
        call.Bye();
        bench.Run();
    }
}
