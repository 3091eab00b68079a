using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Sip.Authentication;
using Pbx.Sip.Defence;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Defence;

/// <summary>The whole defence on a clock that stands still.</summary>
internal sealed class DefenceHouse : IProviders
{
    public DefenceHouse(ISnapshotSource configuration, FakeClock clock, DefenceOptions? options = null)
    {
        var steady = Steady = new SteadyClock(clock);
        Options = options ?? new DefenceOptions();
        Bans = new BanList(Options, steady);
        Known = new KnownAddresses(Options, steady);
        var allowed = new AllowList(configuration);
        var policy = new DigestPolicy(new byte[32]);
        Guesses = new GuessGuard(Options, Bans, Known, this, allowed, steady, NullLogger<GuessGuard>.Instance);
        Refused = new RefusedDevices(configuration, clock);
        var clearPolicy = new ClearPolicy(configuration);
        Gate = new Gate(Options, Digest, policy, Bans, Known, allowed, this, clearPolicy, Refused, configuration, steady, NullLogger<Gate>.Instance);
        Authenticator = new DeviceAuthenticator(Digest, policy, Guesses, clearPolicy, Refused, configuration, steady, new RegistrarOptions(), NullLogger<DeviceAuthenticator>.Instance);
    }

    public DefenceOptions Options { get; }

    public SteadyClock Steady { get; }

    public DigestServer Digest { get; } = new();

    public BanList Bans { get; }

    public KnownAddresses Known { get; }

    public GuessGuard Guesses { get; }

    public Gate Gate { get; }

    public RefusedDevices Refused { get; }

    public DeviceAuthenticator Authenticator { get; }

    /// <summary>The address of the only provider.</summary>
    public IPAddress? Provider { get; set; }

    public bool IsProviders(SipRequest request, Flow flow) => IsProviderAt(flow.Remote.Address);

    public bool IsProviderAt(IPAddress address) => address.Equals(Provider);
}
