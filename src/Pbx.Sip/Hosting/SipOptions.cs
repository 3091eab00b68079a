using System.Net;

namespace Pbx.Sip.Hosting;

/// <summary>What the SIP side must know before the configuration can be read. A change needs a restart.</summary>
public sealed record SipOptions
{
    /// <summary>Addresses to listen on; <c>0.0.0.0</c> and <c>::</c> stand for all of their family.</summary>
    public IReadOnlyList<string> Bind { get; init; } = ["0.0.0.0"];

    /// <summary>Port for SIP over UDP and TCP; 0: any free one (tests).</summary>
    public int Port { get; init; } = 5060;

    /// <summary>Port for SIP over TLS; 0: any free one (tests).</summary>
    public int TlsPort { get; init; } = 5061;

    /// <summary>Address or name by which devices and providers outside of the local networks reach this server; null: its own address.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>Networks (CIDR) besides the private ranges that reach the server's own address.</summary>
    public IReadOnlyList<string> LocalNetworks { get; init; } = [];

    /// <summary>Name servers that are asked for providers' addresses, such as <c>192.0.2.53</c> or <c>127.0.0.1:5353</c>; empty: those of the system.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];

    /// <summary>First port for media.</summary>
    public int RtpFirstPort { get; init; } = 10000;

    /// <summary>Last port for media.</summary>
    public int RtpLastPort { get; init; } = 19999;

    /// <summary>Threads that carry calls; 0: one per core.</summary>
    public int Shards { get; init; }

    /// <summary>The program, with its arguments, that carries the sound of calls as a process of its own (<see cref="MediaServer"/>); null: this process does.</summary>
    public IReadOnlyList<string>? MediaCommand { get; init; }

    /// <summary>Most calls at once; one more gets 503.</summary>
    public int MaxCalls { get; init; } = 4000;

    /// <summary>Limits of what strangers and devices may use.</summary>
    public SipLimitOptions Limits { get; init; } = new();

    /// <summary>Runs the log of each ended call through its machine again and counts differences (counter <c>replay-differences</c>).</summary>
    public bool VerifyReplay { get; init; }

    /// <summary>How many shards there will be.</summary>
    internal int EffectiveShards => Shards > 0 ? Shards : Math.Max(1, Environment.ProcessorCount);

    /// <summary>All that is wrong with them, in words, each with the setting's name; empty when they can be used.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        if (Bind.Count == 0) mistakes.Add("Sip:Bind: at least one address to listen on is needed, such as 0.0.0.0.");
        foreach (var address in Bind)
            if (!IPAddress.TryParse(address, out _)) mistakes.Add($"Sip:Bind: '{address}' is no IP address.");
        if (Bind.Distinct(StringComparer.Ordinal).Count() != Bind.Count) mistakes.Add("Sip:Bind: an address is named twice.");
        if (Port is < 0 or > 65535) mistakes.Add($"Sip:Port: {Port} is no port; 5060 is usual.");
        if (TlsPort is < 0 or > 65535) mistakes.Add($"Sip:TlsPort: {TlsPort} is no port; 5061 is usual.");
        if (TlsPort == Port && Port != 0) mistakes.Add($"Sip:TlsPort: {TlsPort} is also Sip:Port; TLS needs a port of its own.");
        if (AdvertisedAddress is { } advertised && Uri.CheckHostName(advertised) is UriHostNameType.Unknown)
            mistakes.Add($"Sip:AdvertisedAddress: '{advertised}' is neither an address nor a host name.");
        foreach (var network in LocalNetworks)
            if (!IPNetwork.TryParse(network, out _)) mistakes.Add($"Sip:LocalNetworks: '{network}' is no network such as 203.0.113.0/24.");
        foreach (var server in DnsServers)
            if (DnsServer.Parse(server) is null) mistakes.Add($"Dns:Servers: '{server}' is no address such as 192.0.2.53 or 192.0.2.53:5353.");
        if (RtpFirstPort is < 1024 or > 65534 || RtpLastPort is < 1025 or > 65535 || RtpLastPort - RtpFirstPort < 3)
            mistakes.Add($"Rtp:PortRange: {RtpFirstPort}-{RtpLastPort} is no range of at least four ports between 1024 and 65535.");
        else if (Port >= RtpFirstPort && Port <= RtpLastPort) mistakes.Add($"Rtp:PortRange: {RtpFirstPort}-{RtpLastPort} contains the SIP port {Port}.");
        if (Shards is < 0 or > 256) mistakes.Add($"Sip:Shards: {Shards} is not between 0 (one per core) and 256.");
        if (MaxCalls < 1) mistakes.Add($"Sip:MaxCalls: {MaxCalls} is not at least 1.");
        mistakes.AddRange(Limits.Mistakes());
        return mistakes;
    }
}
