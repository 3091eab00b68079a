using System.Globalization;
using System.Text.Json.Nodes;
using System.Net.Http.Json;
using Pbx.Core.Common;
using Pbx.Core.Routing;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>
/// One provider's address, from which the kernel brings every message by one socket, and two shards that share the calls: each message must find
/// the shard of its call.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TwoShardsTests
{
    private const int Calls = 1000;

    // A call with everything that has to find it again: answer, ACK, a re-INVITE with its ACK, a question inside the dialog, and the end.
    private const string Caller = """
        <?xml version="1.0" encoding="ISO-8859-1" ?>
        <scenario name="caller">
          <send retrans="500"><![CDATA[
        INVITE sip:+33199000100@[remote_ip]:[remote_port] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:+33612[call_number]@[local_ip]:[local_port]>;tag=[call_number]
        To: <sip:+33199000100@[remote_ip]:[remote_port]>
        Call-ID: [call_id]
        CSeq: 1 INVITE
        Contact: <sip:provider@[local_ip]:[local_port]>
        Max-Forwards: 70
        Content-Type: application/sdp
        Content-Length: [len]

        v=0
        o=- 1 1 IN IP[local_ip_type] [local_ip]
        s=-
        c=IN IP[media_ip_type] [media_ip]
        t=0 0
        m=audio [media_port] RTP/AVP 8
          ]]></send>
          <recv response="100" optional="true"/>
          <recv response="180" optional="true"/>
          <recv response="183" optional="true"/>
          <recv response="200" rrs="true"/>
          <send><![CDATA[
        ACK [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:+33612[call_number]@[local_ip]:[local_port]>;tag=[call_number]
        To: <sip:+33199000100@[remote_ip]:[remote_port]>[peer_tag_param]
        [routes]
        Call-ID: [call_id]
        CSeq: 1 ACK
        Max-Forwards: 70
        Content-Length: 0

          ]]></send>
          <pause milliseconds="300"/>
          <send retrans="500"><![CDATA[
        INVITE [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:+33612[call_number]@[local_ip]:[local_port]>;tag=[call_number]
        To: <sip:+33199000100@[remote_ip]:[remote_port]>[peer_tag_param]
        [routes]
        Call-ID: [call_id]
        CSeq: 2 INVITE
        Contact: <sip:provider@[local_ip]:[local_port]>
        Max-Forwards: 70
        Content-Type: application/sdp
        Content-Length: [len]

        v=0
        o=- 1 2 IN IP[local_ip_type] [local_ip]
        s=-
        c=IN IP[media_ip_type] [media_ip]
        t=0 0
        m=audio [media_port] RTP/AVP 8
        a=sendonly
          ]]></send>
          <recv response="100" optional="true"/>
          <recv response="200"/>
          <send><![CDATA[
        ACK [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:+33612[call_number]@[local_ip]:[local_port]>;tag=[call_number]
        To: <sip:+33199000100@[remote_ip]:[remote_port]>[peer_tag_param]
        [routes]
        Call-ID: [call_id]
        CSeq: 2 ACK
        Max-Forwards: 70
        Content-Length: 0

          ]]></send>
          <send retrans="500"><![CDATA[
        OPTIONS [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:+33612[call_number]@[local_ip]:[local_port]>;tag=[call_number]
        To: <sip:+33199000100@[remote_ip]:[remote_port]>[peer_tag_param]
        [routes]
        Call-ID: [call_id]
        CSeq: 3 OPTIONS
        Max-Forwards: 70
        Content-Length: 0

          ]]></send>
          <recv response="200"/>
          <pause milliseconds="200"/>
          <send retrans="500"><![CDATA[
        BYE [next_url] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:+33612[call_number]@[local_ip]:[local_port]>;tag=[call_number]
        To: <sip:+33199000100@[remote_ip]:[remote_port]>[peer_tag_param]
        [routes]
        Call-ID: [call_id]
        CSeq: 4 BYE
        Max-Forwards: 70
        Content-Length: 0

          ]]></send>
          <recv response="200"/>
        </scenario>
        """;

    [Fact]
    public async Task OneTrunkAddress_AThousandCalls_EveryMessageFindsItsCall()
    {
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string>
        {
            ["PBX__Sip__Shards"] = "2",
            ["PBX__Rtp__PortRange"] = "40000-59999",
            ["PBX__Sip__Limits__CallsPerExtension"] = "1000",
            ["PBX__Sip__Limits__CallsPerMinute"] = "100000",
            ["PBX__Sip__Limits__CallsPerAddress"] = "10000",
        });
        await pbx.ApplyAsync(Company.Create().Select(item =>
            item is InboundRule rule ? rule with { Open = new(DestinationKind.Extension, "101"), TimeRoutes = new() } : item));
        await using var callee = new ScriptedPhone("127.0.0.1", pbx.SipPort, "101", Company.Password);
        Assert.Equal(200, await callee.RegisterAsync());
        callee.OnIncoming = call => call.Answer();

        await using var provider = Sipp.Start(Caller, pbx.Server, "-i", "127.0.0.2", "-mi", "127.0.0.2", "-p", Text(FreePorts.Take()), "-m", Text(Calls), "-r", "25", "-l", "100");
        await provider.SucceedAsync(300);

        Assert.Equal(Calls, callee.Calls.Count);
        Assert.All(callee.Calls.Values, call => Assert.Equal(1, call.Byes));
        // The server's own tags name the shard that a call lives in.
        var shards = callee.Calls.Values.GroupBy(call => ShardOf(call.Invitation!)).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(["00", "01"], shards.Keys.Order());
        Assert.All(shards.Values, count => Assert.InRange(count, Calls / 3, Calls * 2 / 3));
        await pbx.EndCallsAsync(callee);
        var records = (await pbx.Api.GetFromJsonAsync<JsonObject>("call-records?outcome=Answered&take=1"))!;
        Assert.Equal(Calls, (int)records["total"]!);
    }

    private static string ShardOf(SipText invite) => invite.Header("From")!.Split(";tag=p")[1][..2];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
