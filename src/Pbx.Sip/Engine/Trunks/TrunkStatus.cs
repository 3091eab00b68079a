using System.Collections.Immutable;
using System.Net;
using Pbx.Core.Live;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>What is known of a trunk now: immutable, read by all shards, made anew by the trunk's own.</summary>
/// <param name="State">Whether it can be used.</param>
/// <param name="Detail">Why, in words, for the console.</param>
/// <param name="Since">Since when it is so.</param>
/// <param name="Servers">All addresses of the provider, the one in use first.</param>
/// <param name="Flow">The way to the one in use; null while there is none.</param>
/// <param name="ServiceRoutes">The route that the registrar wants calls to take (RFC 3608).</param>
internal sealed record TrunkStatus(LiveTrunkState State, string Detail, DateTimeOffset Since, ImmutableArray<IPEndPoint> Servers, Flow? Flow,
    ImmutableArray<SipUri> ServiceRoutes)
{
    /// <summary>Of a trunk of which nothing is known yet.</summary>
    public static TrunkStatus Unknown(DateTimeOffset now) => new(LiveTrunkState.Unknown, "", now, [], null, []);

    /// <summary>Of one that is not used, for it is held to encryption and its transport is in clear.</summary>
    public static TrunkStatus Barred(DateTimeOffset now) => new(LiveTrunkState.Down, TrunkWords.TransportInClear, now, [], null, []);
}
