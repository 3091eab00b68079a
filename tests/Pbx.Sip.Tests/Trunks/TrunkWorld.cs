using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Engine.Trunks;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Trunks;

/// <summary>Our server at 10.0.0.1 with the room of the trunks, and providers at addresses that a test adds.</summary>
internal sealed class TrunkWorld : IDisposable
{
    private readonly LoopbackWorld world = new();
    private readonly Snapshots snapshots = new();

    public TrunkWorld(params Trunk[] trunks)
        : this(NullLogger<TrunkRoom>.Instance, trunks)
    {
    }

    public TrunkWorld(ILogger<TrunkRoom> logger, params Trunk[] trunks)
    {
        Room = new TrunkRoom(snapshots, new ServerLocator(Names, world.Clock, new Random(1)), world.Clock, logger);
        (Stack, Transport) = world.Join("10.0.0.1", 2, Room);
        foreach (var trunk in trunks) snapshots.Current = snapshots.Current.With(trunk);
    }

    public TrunkRoom Room { get; }

    public SipStack Stack { get; }

    public LoopbackTransport Transport { get; }

    public LoopbackNetwork Network => world.Network;

    public FakeNames Names { get; } = new();

    public LiveTrunk Live => Assert.Single(Room.Live.Current);

    public static Trunk Trunk(string host = "10.0.0.2", string key = "carrier") => new()
    {
        Key = key, Name = "Carrier", Site = "paris", Host = host, Registers = true, UserName = "account", Password = new Secret("secret"),
    };

    public Provider Provider(string address, Func<SipRequest, SipResponseBuilder?> answer)
    {
        var provider = new Provider(answer);
        world.Join(address, 1, provider);
        return provider;
    }

    public void Start()
    {
        Room.Start();
        world.Settle();
    }

    public void Change(Func<PbxSnapshot, PbxSnapshot> change)
    {
        snapshots.Current = change(snapshots.Current);
        snapshots.Tell();
        world.Settle();
    }

    public void Advance(double seconds) => world.Advance(TimeSpan.FromSeconds(seconds));

    public void Settle() => world.Settle();

    public IReadOnlyList<Way> Find(string number = "+33123456789", string presented = "+33987654321", bool lastResort = false)
    {
        IReadOnlyList<Way>? found = null;
        Room.Find("carrier", number, presented, lastResort, ways => found = ways);
        return found!;
    }

    /// <summary>Who a call from the provider's address is from.</summary>
    public TrunkCaller? Identify(SipTransport transport = SipTransport.Udp)
    {
        var to = SipUri.Parse("sip:+33123456789@10.0.0.1");
        var invite = SipRequestBuilder.Create(SipMethods.Invite, to, new NameAddress(null, SipUri.Parse("sip:+33612345678@10.0.0.2")).WithTag("f"), new NameAddress(null, to), "c", 1);
        return Room.Identify(invite.Build(), new Flow(transport, IPEndPoint.Parse("10.0.0.2:5060"), IPEndPoint.Parse("10.0.0.1:5060")));
    }

    public void Dispose()
    {
        Room.Dispose();
        world.Dispose();
    }

    private sealed class Snapshots : ISnapshotSource
    {
        private Action<PbxSnapshot>? published;

        public PbxSnapshot Current { get; set; } = PbxSnapshot.Empty;

        public IDisposable Subscribe(Action<PbxSnapshot> callback)
        {
            published += callback;
            return new End(() => published -= callback);
        }

        public void Tell() => published?.Invoke(Current);

        private sealed class End(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}

/// <summary>A provider that answers as the test says; null: not at all.</summary>
internal sealed class Provider(Func<SipRequest, SipResponseBuilder?> answer) : IEndpointRoom
{
    public List<SipRequest> Requests { get; } = [];

    /// <summary>Wants credentials, then grants what is asked.</summary>
    public static SipResponseBuilder? Registrar(SipRequest request)
    {
        if (request.Method != SipMethods.Register) return SipResponseBuilder.For(request, 200, "p");
        if (!request.Has(HeaderId.Authorization))
            return SipResponseBuilder.For(request, 401, "p").Add(HeaderId.WwwAuthenticate, "Digest realm=\"carrier\", nonce=\"n1\", qop=\"auth\", algorithm=MD5");
        return SipResponseBuilder.For(request, 200, "p").Add(HeaderId.Contact, $"{request.Header(HeaderId.Contact)};expires={request.Expires}");
    }

    public void Enter(SipEndpoint endpoint)
    {
        endpoint.Handle(SipMethods.Register, Answer);
        endpoint.Handle(SipMethods.Options, Answer);
    }

    private void Answer(IServerTransaction transaction)
    {
        Requests.Add(transaction.Request);
        if (answer(transaction.Request) is { } response) transaction.Respond(response.Build());
    }
}

/// <summary>A domain name system in memory.</summary>
internal sealed class FakeNames : INameService
{
    public Dictionary<string, ServiceRecord[]> Services { get; } = [];

    public Dictionary<string, string[]> Addresses { get; } = [];

    public int Asked { get; private set; }

    public bool Fails { get; set; }

    public Task<NameAnswer<ServiceRecord>> ServicesAsync(string name)
    {
        Asked++;
        return Task.FromResult(new NameAnswer<ServiceRecord>(Fails ? [] : Services.GetValueOrDefault(name, []), TimeSpan.FromSeconds(60)));
    }

    public Task<NameAnswer<IPAddress>> AddressesAsync(string host)
    {
        Asked++;
        return Task.FromResult(new NameAnswer<IPAddress>(Fails ? [] : [.. Addresses.GetValueOrDefault(host, []).Select(IPAddress.Parse)], TimeSpan.FromSeconds(60)));
    }
}
