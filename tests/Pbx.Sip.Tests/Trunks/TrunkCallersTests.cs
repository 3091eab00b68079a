using System.Collections.Immutable;
using System.Net;
using System.Text;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Sip.Engine.Trunks;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Trunks;

public sealed class TrunkCallersTests
{
    private static readonly IPEndPoint Us = IPEndPoint.Parse("10.0.0.1:5060");

    [Theory]
    [InlineData("10.0.0.2:5060", "carrier")]
    [InlineData("10.0.0.2:40000", "carrier")]
    [InlineData("198.51.100.77:5060", "carrier")]
    [InlineData("10.0.0.9:5060", null)]
    public void Caller_ByItsSource_IsTheTrunksOrNobodys(string source, string? trunk)
    {
        var known = Known(TrunkWorld.Trunk() with { SourceAddresses = ["198.51.100.0/24"] }, "10.0.0.2:5060");
        Assert.Equal(trunk, TrunkCallers.Find(PbxSnapshot.Empty, [known], Invite(), From(source))?.Key);
    }

    [Fact]
    public void Caller_DeviceOfOursAtTheProvidersAddress_MustProveItself()
    {
        var snapshot = PbxSnapshot.Empty with { DeviceUsers = PbxSnapshot.Empty.DeviceUsers.Add("alice", ("100", "desk")) };
        var known = Known(TrunkWorld.Trunk(), "10.0.0.2:5080");
        Assert.Null(TrunkCallers.Find(snapshot, [known], Invite(from: "<sip:alice@x>"), From("10.0.0.2:5060")));
        Assert.NotNull(TrunkCallers.Find(snapshot, [known], Invite(from: "<sip:alice@x>"), From("10.0.0.2:5080")));
    }

    [Theory]
    [InlineData("sip:second@10.0.0.1", "second")]
    [InlineData("sip:0123456789@10.0.0.1", "first")]
    [InlineData("sip:+33444444444@10.0.0.1", "second")]
    [InlineData("sip:unknown@10.0.0.1", "first")]
    public void Caller_TwoAccountsAtOneProvider_AreToldApartByWhatIsCalled(string called, string trunk)
    {
        var first = Known(TrunkWorld.Trunk(key: "first") with { UserName = "first", Numbers = ["+33123456789"] }, "10.0.0.2:5060");
        var second = Known(TrunkWorld.Trunk(key: "second") with { UserName = "second", Numbers = ["+33444444444"] }, "10.0.0.2:5060");
        Assert.Equal(trunk, TrunkCallers.Find(PbxSnapshot.Empty, [first, second], Invite(called), From("10.0.0.2:5060"))!.Key);
    }

    [Theory]
    [InlineData("sip:0123456789@10.0.0.1", "<sip:other@10.0.0.1>", "0123456789")]
    [InlineData("sip:account@10.0.0.1", "<sip:0123456789@10.0.0.1>", "0123456789")]
    [InlineData("sip:10.0.0.1", "<sip:0123456789@10.0.0.1>", "0123456789")]
    public void Called_RequestUriIsOnlyTheAccount_IsThatOfTo(string uri, string to, string called) =>
        Assert.Equal(called, TrunkCallers.CalledBy(TrunkWorld.Trunk(), Invite(uri, to: to)));

    [Theory]
    [InlineData("\"Bob\" <sip:+33611111111@x>", "", "+33611111111", "Bob")]
    [InlineData("<sip:account@x>", "P-Asserted-Identity: \"Bob\" <sip:+33611111111@x>", "+33611111111", "Bob")]
    [InlineData("\"Anonymous\" <sip:anonymous@anonymous.invalid>", "", "", "")]
    [InlineData("<sip:+33611111111@x>", "Privacy: header;id", "", "")]
    public void CallerNumber_IsWhatTheNetworkVouchesForOrWithheld(string from, string header, string number, string name) =>
        Assert.Equal((number, name), TrunkCallers.CallerOf(Invite(from: from, header: header)));

    private static (Trunk, TrunkStatus) Known(Trunk trunk, string server) =>
        (trunk, new TrunkStatus(LiveTrunkState.Up, "", DateTimeOffset.UnixEpoch, [IPEndPoint.Parse(server)], null, ImmutableArray<SipUri>.Empty));

    private static Flow From(string source) => new(SipTransport.Udp, IPEndPoint.Parse(source), Us);

    private static SipRequest Invite(string uri = "sip:0123456789@10.0.0.1", string from = "<sip:+33611111111@x>", string to = "<sip:0123456789@10.0.0.1>", string header = "")
    {
        var text = $"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: {from};tag=1\r\nTo: {to}\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"
            + (header.Length > 0 ? header + "\r\n" : "") + "\r\n";
        var parsed = SipValidator.ParseAndJudge(Encoding.UTF8.GetBytes(text));
        Assert.True(parsed.IsValid, parsed.Rejection.ToString());
        return (SipRequest)parsed.Message!;
    }
}
