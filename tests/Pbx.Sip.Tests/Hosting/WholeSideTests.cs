using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Hosting;
using Pbx.Core.Live;
using Pbx.Sip.Hosting;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Hosting;

/// <summary>Core and SIP side put together as the product does it, started and stopped.</summary>
public sealed class WholeSideTests
{
    [Fact]
    public async Task Host_StartedWithAllRooms_AnswersAndStopsWithNothingLeft()
    {
        var directory = Directory.CreateTempSubdirectory("pbx-sip");
        try
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            builder.Services.AddPbxCore(new CoreOptions { DataDirectory = directory.FullName })
                .AddPbxSip(new SipOptions { Bind = ["127.0.0.1"], Port = 0, TlsPort = 0, RtpFirstPort = 21000, RtpLastPort = 21099, Shards = 2 });
            using var host = builder.Build();
            await host.StartAsync();
            var control = host.Services.GetRequiredService<IPbxControl>();
            Assert.True(control.Ready);
            var port = host.Services.GetRequiredService<SipListeners>().Port;
            Assert.StartsWith("SIP/2.0 200", await AskAsync(port, "OPTIONS", "sip:pbx@127.0.0.1"), StringComparison.Ordinal);
            Assert.StartsWith("SIP/2.0 401", await AskAsync(port, "REGISTER", "sip:127.0.0.1"), StringComparison.Ordinal);
            Assert.Contains("Proxy-Authenticate", (await AskAsync(port, "INVITE", "sip:100@127.0.0.1")).Replace("WWW-", "Proxy-", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.NotNull(host.Services.GetRequiredService<ILiveView>().Trunks.Current);
            await host.StopAsync();
            Assert.False(control.Ready);
            var counters = control.Counters;
            Assert.Equal(0, counters["calls"]);
            Assert.Equal(0, counters["rtp-ports"]);
            Assert.Equal(0, counters["connections"]);
            Assert.Equal(0, counters["unhandled-exceptions"]);
            foreach (var name in new[] { "transactions", "invite-dialogs", "registrations", "subscriptions", "timers" }) Assert.Contains(name, counters.Keys);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> AskAsync(int port, string method, string uri)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var text = $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\nFrom: <sip:100@127.0.0.1>;tag=1\r\n"
            + $"To: <sip:100@127.0.0.1>\r\nCall-ID: {Guid.NewGuid():N}\r\nCSeq: 1 {method}\r\nContact: <sip:100@127.0.0.1:5999>\r\nContent-Length: 0\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        var buffer = new byte[65536];
        while (true)
        {
            var answer = Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(30)));
            if (!answer.StartsWith("SIP/2.0 1", StringComparison.Ordinal)) return answer;
        }
    }
}
