using Pbx.Core.Common;
using Pbx.Sip.Hosting;

namespace Pbx.Web.Hosting;


/// <summary>
/// The settings that must be known before the configuration can be read: addresses, data directory, database. Everything else is
/// configuration, changed live.
/// </summary>
public sealed record BootOptions
{
    /// <summary>Addresses of the console and the API.</summary>
    public IReadOnlyList<string> HttpUrls { get; init; } = ["http://*:8080", "https://*:8443"];

    /// <summary>Connections to the console at once.</summary>
    public int HttpConnections { get; init; } = 20_000;

    /// <summary>Connections to the console at once from one address; all of them, where a reverse proxy stands before it.</summary>
    public int HttpConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>Local addresses of SIP and RTP.</summary>
    public IReadOnlyList<string> SipBind { get; init; } = ["0.0.0.0"];

    /// <summary>UDP and TCP port of SIP.</summary>
    public int SipPort { get; init; } = 5060;

    /// <summary>TCP port of SIP over TLS.</summary>
    public int SipTlsPort { get; init; } = 5061;

    /// <summary>The address or name that peers outside the local networks are told; null: the local one.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>Networks (CIDR) besides the private ranges that reach the local address.</summary>
    public IReadOnlyList<string> LocalNetworks { get; init; } = [];

    /// <summary>Name servers asked for providers; empty: those of the system.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>Most calls at once.</summary>
    public int MaxCalls { get; init; } = 4000;

    /// <summary>Limits of what strangers and devices may use.</summary>
    public SipLimitOptions SipLimits { get; init; } = new();

    /// <summary>Runs the log of each ended call through its machine again: for tests and to find defects, it costs time.</summary>
    public bool VerifyReplay { get; init; }

    /// <summary>First RTP port.</summary>
    public int RtpFirstPort { get; init; } = 10000;

    /// <summary>Last RTP port, inclusive.</summary>
    public int RtpLastPort { get; init; } = 19999;

    /// <summary>Threads of the SIP engine; 0: as many as cores.</summary>
    public int SipShards { get; init; }

    /// <summary>The sound of calls is carried by a process of its own.</summary>
    public bool MediaApart { get; init; } = true;

    /// <summary>Absolute path of the data directory.</summary>
    public string DataDirectory { get; init; } = Path.GetFullPath("data");

    /// <summary>Which database.</summary>
    public DatabaseProvider DatabaseProvider { get; init; }

    /// <summary>Connection string; null with SQLite: a file in the data directory.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Address of the administrator that an unattended set-up creates; null: set-up in the browser.</summary>
    public string? SetupAdminEmail { get; init; }

    /// <summary>Password of that administrator.</summary>
    public string? SetupAdminPassword { get; init; }

    /// <summary>Text of a first API token that an unattended set-up makes.</summary>
    public string? SetupApiToken { get; init; }

    /// <summary>Make the demo company when the data directory is empty.</summary>
    public bool Demo { get; init; }
}
