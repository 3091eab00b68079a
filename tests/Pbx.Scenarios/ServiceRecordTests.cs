using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pbx.Core.Routing;
using Pbx.Core.Trunks;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>A provider that is a domain: its servers come from SRV records of a real name server (RFC 3263).</summary>
public sealed class ServiceRecordTests
{
    private const string Outside = "+33639980077";

    [Fact]
    public async Task FirstServerSilent_TheSameCallGoesByTheSecond_AndTheNextCallAtOnce()
    {
        using var silent = new SilentServer("127.0.0.3");
        var port = FreePorts.Take();
        await using var names = await Dnsmasq.StartAsync(
            string.Create(CultureInfo.InvariantCulture, $"--srv-host=_sip._udp.provider.test,first.provider.test,{silent.Port},10,1"),
            string.Create(CultureInfo.InvariantCulture, $"--srv-host=_sip._udp.provider.test,second.provider.test,{port},20,1"),
            "--host-record=first.provider.test,127.0.0.3", "--host-record=second.provider.test,127.0.0.4");
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string> { ["PBX__Dns__Servers"] = $"127.0.0.1:{names.Port}" });
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var provider = await Baresip.StartAsync(new(Outside, $"127.0.0.4:{port}") { Registers = false, LocalAddress = "127.0.0.4", LocalPort = port },
            high.Path, answers: true);
        // Not watched, so that only a call finds out that the first server is silent. No other trunk: after 6 s the call would have failed.
        await pbx.ApplyAsync(
        [
            .. Company.Create(),
            new Trunk { Key = "domain", Name = "Domain", Site = "paris", Host = "provider.test", QualifySeconds = 0, Numbers = ["+33199000101"] },
            new OutboundRule { Key = "outside", Name = "Outside", Pattern = "0ZXXXXXXXX", Steps = [new OutboundStep { Trunk = "domain", Strip = 1, Prepend = "+33" }] },
        ]);
        await pbx.EventuallyAsync(() => Task.FromResult(names.Log.Contains("second.provider.test", StringComparison.Ordinal)), "the servers are looked up");
        await using var caller = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", low.Path);

        await TalkAsync(pbx, caller, provider);
        var calls = silent.Calls.Count;
        await TalkAsync(pbx, caller, provider);

        Assert.Equal(1, calls);
        Assert.Single(silent.Calls);
        await pbx.EndCallsAsync(caller, provider);
        Assert.All(await pbx.RecordsAsync(), record => Assert.Equal("answered", (string?)record!["outcome"]));
    }

    private static async Task TalkAsync(PbxProcess pbx, Baresip caller, Baresip provider)
    {
        await caller.DialAsync($"sip:0639980077@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");
        await provider.WaitForAsync("CALL_CLOSED");
        Assert.True(Listening.ToneSeconds(await caller.HeardAsync(), 1000) > 1.5, "the caller hears the provider's second server");
        Assert.True(Listening.ToneSeconds(await provider.HeardAsync(), 440) > 1.5, "the provider's second server hears the caller");
    }

    /// <summary>A server that takes everything and answers nothing.</summary>
    private sealed class SilentServer : IDisposable
    {
        private readonly UdpClient socket;

        public SilentServer(string address)
        {
            socket = new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0));
            _ = ReceiveAsync();
        }

        public int Port => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;

        /// <summary>The Call-IDs of the INVITEs that came.</summary>
        public ConcurrentDictionary<string, bool> Calls { get; } = new();

        public void Dispose() => socket.Dispose();

        private async Task ReceiveAsync()
        {
            try
            {
                while (true)
                {
                    var message = new SipText(Encoding.UTF8.GetString((await socket.ReceiveAsync()).Buffer));
                    if (message.Method == "INVITE") Calls[message.Header("Call-ID")!] = true;
                }
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                // The test is over.
            }
        }
    }
}
