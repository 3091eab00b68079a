using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
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
        Options = options ?? new DefenceOptions();
        Bans = new BanList(Options, clock);
        Known = new KnownAddresses(Options, clock);
        var allowed = new AllowList(configuration);
        var policy = new DigestPolicy(new byte[32]);
        Guesses = new GuessGuard(Options, Bans, Known, this, allowed, clock, NullLogger<GuessGuard>.Instance);
        Gate = new Gate(Options, Digest, policy, Bans, Known, allowed, this, configuration, clock, NullLogger<Gate>.Instance);
        Authenticator = new DeviceAuthenticator(Digest, policy, Guesses, configuration, clock, new RegistrarOptions(), NullLogger<DeviceAuthenticator>.Instance);
    }

    public DefenceOptions Options { get; }

    public DigestServer Digest { get; } = new();

    public BanList Bans { get; }

    public KnownAddresses Known { get; }

    public GuessGuard Guesses { get; }

    public Gate Gate { get; }

    public DeviceAuthenticator Authenticator { get; }

    /// <summary>The address of the only provider.</summary>
    public IPAddress? Provider { get; set; }

    public bool IsProviders(SipRequest request, Flow flow) => IsProviderAt(flow.Remote.Address);

    public bool IsProviderAt(IPAddress address) => address.Equals(Provider);
}
