using System.Text;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Tests.Transactions;

public sealed class TransactionKeyTests
{
    [Fact]
    public void Key_AckOfAnInvite_IsThatOfTheInvite() =>
        Assert.Equal(Key("INVITE", "host;branch=z9hG4bK1"), Key("ACK", "host;branch=z9hG4bK1"));

    [Theory]
    [InlineData("host;branch=z9hG4bK1", "host;branch=z9hG4bK2")]
    [InlineData("host;branch=z9hG4bK1", "other;branch=z9hG4bK1")]
    [InlineData("host:5060;branch=z9hG4bK1", "host:5062;branch=z9hG4bK1")]
    public void Key_OtherBranchOrSentBy_IsAnother(string one, string two) => Assert.NotEqual(Key("INVITE", one), Key("INVITE", two));

    [Fact]
    public void Key_SentByInOtherCase_IsTheSame() => Assert.Equal(Key("BYE", "HOST;branch=z9hG4bK1"), Key("BYE", "host;branch=z9hG4bK1"));

    [Fact]
    public void Key_Cancel_LeadsToItsInvite()
    {
        Assert.NotEqual(Key("INVITE", "host;branch=z9hG4bK1"), Key("CANCEL", "host;branch=z9hG4bK1"));
        Assert.Equal(Key("INVITE", "host;branch=z9hG4bK1"), Key("CANCEL", "host;branch=z9hG4bK1").OfInvite());
    }

    /// <summary>RFC 3261 §17.2.3: without the cookie a branch says nothing, the other fields do.</summary>
    [Theory]
    [InlineData("host")]
    [InlineData("host;branch=1")]
    public void Key_PeerOfRfc2543_MatchesByItsOtherFields(string via)
    {
        Assert.Equal(Key("INVITE", via), Key("ACK", via, ";tag=ours"));
        Assert.Equal(Key("INVITE", via), Key("CANCEL", via).OfInvite());
        Assert.NotEqual(Key("INVITE", via), Key("INVITE", via, callId: "other"));
        Assert.NotEqual(Key("BYE", via, ";tag=1"), Key("BYE", via, ";tag=2"));
    }

    private static TransactionKey Key(string method, string via, string toTag = "", string callId = "1")
    {
        var text = $"{method} sip:bob@b SIP/2.0\r\nVia: SIP/2.0/UDP {via}\r\nFrom: <sip:a@a>;tag=1\r\nTo: <sip:b@b>{toTag}\r\nCall-ID: {callId}\r\nCSeq: 1 {method}\r\n\r\n";
        var parsed = SipValidator.ParseAndJudge(Encoding.UTF8.GetBytes(text));
        Assert.True(parsed.IsValid, parsed.Rejection.ToString());
        return TransactionKey.OfServer((SipRequest)parsed.Message!);
    }
}
