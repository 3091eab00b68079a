using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Hosting;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Hosting;

/// <summary>A host without rooms on real sockets, asked by real peers.</summary>
public sealed class SipHostTests : IAsyncLifetime
{
    private readonly SipStack stack = new(2, TimeProvider.System, TransactionTimes.Standard, new ShardLimits(), new OpenGate(), new SipCounters(), NullLogger.Instance);
    private readonly SipListeners listeners;
    private readonly RunningCalls calls = new();
    private readonly Lifetime lifetime = new();
    private readonly SipHost host;

    public SipHostTests()
    {
        var options = new TransportOptions { Bind = [System.Net.IPAddress.Loopback], Port = 0 };
        listeners = new SipListeners(options, stack.FrontDoor, TimeProvider.System, NullLogger.Instance, stack.OnUnhandled);
        host = new SipHost(stack, listeners, new SipSender(listeners, new OwnAddresses(options)), [new RecordingRoom(SipMethods.Invite)], [], [calls],
            new Configuration(), lifetime, NullLogger<SipHost>.Instance);
    }

    public async ValueTask InitializeAsync() => await host.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        stack.Dispose();
        listeners.Dispose();
    }

    [Fact]
    public async Task Sipsak_Options_IsAnswered()
    {
        var (code, output) = await RunAsync("sipsak", "-vv", "-s", $"sip:pbx@127.0.0.1:{listeners.Port}");
        Assert.True(code == 0, output);
        Assert.Contains("200 OK", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("u1")]
    [InlineData("t1")]
    public async Task Sipp_ManyOptions_AreAllAnswered(string transport)
    {
        var scenario = Path.Combine(Path.GetTempPath(), $"options-{Guid.NewGuid():N}.xml");
        await File.WriteAllTextAsync(scenario, OptionsScenario);
        try
        {
            var (code, output) = await RunAsync("sipp", $"127.0.0.1:{listeners.Port}", "-sf", scenario, "-m", "100", "-r", "100", "-t", transport, "-nostdin", "-timeout", "20");
            Assert.True(code == 0, output);
        }
        finally
        {
            File.Delete(scenario);
        }
    }

    [Fact]
    public async Task Stop_CallsGoOn_WaitsForThemAndThenEndsThem()
    {
        calls.Count = 1;
        Assert.True(host.IsReady);
        await host.StopAsync(new CancellationToken(canceled: true));
        Assert.False(host.IsReady);
        Assert.Equal(1, calls.Ended);
    }

    [Fact]
    public void StopAsked_NotYetItsTurn_NoNewCallIsTakenFromThatMoment()
    {
        lifetime.StopApplication();
        Assert.False(host.IsReady);
        Assert.All(stack.Endpoints, endpoint => Assert.True(endpoint.IsDraining));
    }

    private const string OptionsScenario = """
        <?xml version="1.0" encoding="ISO-8859-1" ?>
        <scenario name="options">
          <send retrans="500"><![CDATA[

            OPTIONS sip:[remote_ip]:[remote_port] SIP/2.0
            Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
            From: <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
            To: <sip:[remote_ip]:[remote_port]>
            Call-ID: [call_id]
            CSeq: 1 OPTIONS
            Max-Forwards: 70
            Content-Length: 0

          ]]></send>
          <recv response="200"/>
        </scenario>
        """;

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["TERM"] = "dumb" } };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, await output + await errors);
    }

    private sealed class RunningCalls : IRunningCalls
    {
        public int Count { get; set; }

        public int Ended { get; private set; }

        public void EndAll()
        {
            Ended += Count;
            Count = 0;
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly CancellationTokenSource stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => stopping.Cancel();
    }

    private sealed class Configuration : ISnapshotSource
    {
        public PbxSnapshot Current => PbxSnapshot.Empty;

        public IDisposable Subscribe(Action<PbxSnapshot> published) => throw new NotSupportedException();
    }
}
