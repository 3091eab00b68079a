using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Engine.Live;
using Pbx.Sip.Engine.Queues;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Engine;

/// <summary>
/// The real stack, dialogs, calls and machines in one shard on a clock that stands still, with phones whose messages a test
/// puts in any order. No thread runs but the test's.
/// </summary>
internal sealed class EngineBench : ISipSender, ICallers, IExtensionWays, ITrunkWays, IDisposable
{
    public static readonly IPEndPoint Server = new(IPAddress.Parse("192.0.2.1"), 5060);

    private readonly Dictionary<IPEndPoint, TestPhone> phones = [];
    private readonly Dictionary<string, List<TestPhone>> registered = [];
    private readonly string trunk;
    private readonly Shard shard;
    private readonly SipEndpoint endpoint;
    private readonly LiveCalls live;

    public EngineBench(PbxSnapshot snapshot, CallLimits? callLimits = null, string trunk = "trunk", DateTimeOffset? start = null)
    {
        this.trunk = trunk;
        Clock = new FakeClock(start);
        Steady = new SteadyClock(Clock);
        Configuration = new FakeConfiguration(snapshot);
        shard = new Shard(0, Clock, new ShardLimits(), Failures.Add);
        endpoint = new SipEndpoint(shard, this, TransactionTimes.Standard, Counters);
        live = new LiveCalls(Clock);
        Engine = new PbxEngine(this, (observer, calls) => new CallSurroundings(Configuration, Media, this, this,
            Queues = new QueueHost(Configuration, calls, Steady, Failures.Add), Journal, Voicemail, Voicemail, Voicemail, live,
            Outbound = new OutboundLedger(null, Steady, NullLogger<OutboundLedger>.Instance), Alerts, observer),
            new EngineLimits(Calls: callLimits), Counters, NullLogger.Instance);
        Engine.CallEnded += (record, log) =>
        {
            Records.Add(record);
            ReplayDifferences += log.FirstDifference() is null ? 0 : 1;
        };
        Engine.Enter(endpoint);
        Queues!.Send(new QueueInput.ConfigurationChanged());
        Run();
    }

    public FakeClock Clock { get; }

    public SteadyClock Steady { get; }

    public SipCounters Counters { get; } = new();

    public FakeConfiguration Configuration { get; }

    public FakeMedia Media { get; } = new();

    public FakeJournal Journal { get; } = new();

    public FakeVoicemail Voicemail { get; } = new();

    public FakeAlerts Alerts { get; } = new();

    public OutboundLedger Outbound { get; private set; } = null!;

    public QueueHost Queues { get; private set; } = null!;

    public PbxEngine Engine { get; }

    public List<Exception> Failures { get; } = [];

    public List<CallRecord> Records { get; } = [];

    public int ReplayDifferences { get; private set; }

    public int TrunkCallsNow { get; private set; }

    /// <summary>How strictly the media of some numbers is encrypted; others may be clear.</summary>
    public Dictionary<string, CallSecurity> Security { get; } = [];

    /// <summary>Finds the ways to extensions instead of the phones' own list; null: that list.</summary>
    public IExtensionWays? Ways { get; set; }

    private CallSecurity SecurityOf(string number) => Security.GetValueOrDefault(number);

    /// <summary>What the registrar was told of the sound of an extension's device: the one that called, or, by its number, the one that was called.</summary>
    public Dictionary<(string Extension, string Device), string> Sounded { get; } = [];

    /// <summary>How the sound through trunks was encrypted, as calls told.</summary>
    public Dictionary<string, string> TrunkSounded { get; } = [];

    public int Dialogs => endpoint.Dialogs.Invites;

    public LiveCalls Live => live;

    /// <summary>A phone that is registered for an extension.</summary>
    public TestPhone Phone(string extension) => Phone(extension, SipTransport.Udp);

    /// <summary>The same over that transport.</summary>
    public TestPhone Phone(string extension, SipTransport transport)
    {
        var phone = new TestPhone(this, extension, 6000 + phones.Count, transport);
        phones.Add(phone.Address, phone);
        if (!registered.TryGetValue(extension, out var devices)) registered.Add(extension, devices = []);
        devices.Add(phone);
        Queues.Send(new QueueInput.ExtensionRegistered(extension, true));
        Run();
        return phone;
    }

    public void Unregister(TestPhone phone)
    {
        registered[phone.Number].Remove(phone);
        if (registered[phone.Number].Count == 0) Queues.Send(new QueueInput.ExtensionRegistered(phone.Number, false));
    }

    /// <summary>Everything that can happen without time passing happens.</summary>
    public void Run()
    {
        do Queues.Drain();
        while (shard.Pump() > 0 || Queues.Waiting > 0);
    }

    /// <summary>Time passes, in small steps.</summary>
    public void Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(50);
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            Clock.Advance(left < step ? left : step);
            Run();
        }
    }

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>A message of a phone reaches the server. What it causes waits for <see cref="Run"/>.</summary>
    public void Deliver(SipMessage message, TestPhone from)
    {
        var parsed = SipParser.Parse(message.Bytes.Span);
        Assert.True(parsed.IsValid, parsed.Rejection.ToString());
        parsed.Message!.Source = from.Address;
        shard.Post(() => endpoint.Receive(parsed.Message, from.Flow));
    }

    /// <summary>Bytes that look as if that phone had sent them; true when they are a message that the endpoint sees.</summary>
    public bool DeliverRaw(ReadOnlySpan<byte> bytes, TestPhone from)
    {
        var parsed = SipValidator.ParseAndJudge(bytes);
        if (!parsed.IsValid) return false;
        parsed.Message!.Source = from.Address;
        shard.Post(() => endpoint.Receive(parsed.Message, from.Flow));
        return true;
    }

    /// <summary>Nothing is left of any call: no leg, no port, no dialog, no exception; one record each, and each replays.</summary>
    public void AssertIdle(int records)
    {
        Assert.Empty(Failures);
        Assert.Equal(0, Engine.Count);
        Assert.Equal(0, live.Count);
        Assert.Equal(0, Media.Open);
        Assert.Equal(records, Journal.Finished.Count);
        // A call that ends in its first step needs no line at its start.
        Assert.Empty(Journal.Begun.Select(record => record.Id).Except(Journal.Finished.Select(record => record.Id)));
        Assert.Equal(records, Journal.Finished.Select(record => record.Id).Distinct().Count());
        Assert.Equal(0, ReplayDifferences);
        Assert.Equal(0, TrunkCallsNow);
        var counters = Counters.Read();
        Assert.Equal(0, counters["unhandled-exceptions"]);
        Assert.Equal(0, Dialogs);
    }

    public void Dispose()
    {
        Engine.Dispose();
        shard.Dispose();
        live.Dispose();
    }

    bool ISipSender.Send(Flow flow, ReadOnlyMemory<byte> message)
    {
        if (!phones.TryGetValue(flow.Remote, out var phone)) return true;
        var parsed = SipParser.Parse(message.Span);
        Assert.True(parsed.IsValid, parsed.Rejection.ToString());
        if (parsed.Message is SipRequest request) phone.Requests.Add(request);
        else phone.Responses.Add((SipResponse)parsed.Message!);
        return true;
    }

    Flow? ISipSender.FlowTo(SipTransport transport, IPEndPoint remote) => new(transport, remote, Server);

    PublicAddress ISipSender.AddressFor(Flow flow) => new(Server.Address.ToString(), Server.Port, "UDP");

    Flow ISipSender.FlowForResponse(SipRequest request, Flow receivedOn) => receivedOn;

    CallerIdentity ICallers.Identify(IServerTransaction invite)
    {
        var number = invite.Request.From.Uri.User;
        return new CallerIdentity.Known(number.StartsWith('+') ? new CallOrigin.FromTrunk(trunk) : new CallOrigin.FromExtension(number),
            invite.Request.RequestUri.User, number, "", SecurityOf(number), number.StartsWith('+') ? null : (number, "caller"));
    }

    void IExtensionWays.Sounded(string extension, string device, string keys) => Sounded[(extension, device.Split('/')[0])] = keys;

    void IExtensionWays.Find(string extension, Action<IReadOnlyList<Way>> found)
    {
        if (Ways is { } other) other.Find(extension, found);
        else found([.. (registered.GetValueOrDefault(extension) ?? []).Select(phone => new Way
        {
            Flow = phone.Flow, Target = phone.Uri, By = $"{extension}/{phone.Address.Port}", Security = SecurityOf(extension),
        })]);
    }

    void ITrunkWays.Find(string trunk, string number, string presentedNumber, bool lastResort, Action<IReadOnlyList<Way>> found)
    {
        var servers = registered.GetValueOrDefault(trunk) ?? [];
        found(WayTo(0) is { } first ? [first] : []);

        Way? WayTo(int server) => server >= servers.Count ? null : new Way
        {
            Flow = servers[server].Flow, Target = new SipUri(number, servers[server].Address), By = number,
            From = new NameAddress(null, new SipUri(presentedNumber, "provider.test")),
            Next = server + 1 < servers.Count ? () => WayTo(server + 1) : null,
        };
    }

    void ITrunkWays.CallsChanged(string trunk, int difference) => TrunkCallsNow += difference;

    void ITrunkWays.Sounded(string trunk, string keys) => TrunkSounded[trunk] = keys;

    TrunkCaller? ITrunkWays.Identify(SipRequest invite, Flow flow) => null;
}
