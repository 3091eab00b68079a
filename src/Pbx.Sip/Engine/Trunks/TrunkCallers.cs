using System.Net;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>
/// Tells which trunk an INVITE comes from: by where it comes from, and only among trunks of one provider by what it says. Pure.
/// </summary>
internal static class TrunkCallers
{
    /// <summary>The trunk that it comes from, or null.</summary>
    /// <param name="snapshot">Whose devices are not taken for a provider, even at its address.</param>
    /// <param name="trunks">Enabled trunks with what is known of them, in order of their keys.</param>
    /// <param name="invite">The INVITE.</param>
    /// <param name="flow">What it came by.</param>
    public static Trunk? Find(PbxSnapshot snapshot, IReadOnlyList<(Trunk Trunk, TrunkStatus Status)> trunks, SipRequest invite, Flow flow)
    {
        var exact = trunks.Where(t => IsServer(t.Status, flow)).Select(t => t.Trunk).ToList();
        if (exact.Count > 0) return Choose(exact, invite);
        // From a provider's address but another port it may as well be a phone there (one machine, one router): who says that it is
        // one of our devices must prove it.
        if (snapshot.DeviceUsers.ContainsKey(invite.From.Uri.User) || snapshot.Numbers.ContainsKey(invite.From.Uri.User)) return null;
        var near = trunks.Where(t => IsAddressOf(t.Trunk, t.Status, flow.Remote.Address)).Select(t => t.Trunk).ToList();
        return near.Count > 0 ? Choose(near, invite) : null;
    }

    /// <summary>The number called: the Request-URI's user, or To's when the Request-URI is only our account.</summary>
    public static string CalledBy(Trunk trunk, SipRequest invite)
    {
        var user = invite.RequestUri.User;
        return (user.Length == 0 || user == trunk.UserName) && invite.To.Uri.User.Length > 0 ? invite.To.Uri.User : user;
    }

    /// <summary>Number and name of the caller: what the network vouches for (RFC 3325), else From; empty when withheld (RFC 3323).</summary>
    public static (string Number, string Name) CallerOf(SipRequest invite)
    {
        var withheld = invite.HasToken(HeaderId.Privacy, "id") || invite.Header(HeaderId.Privacy)?.Split(';').Any(p => p.Trim() is "id" or "user") == true
            || invite.From.Uri.User.Equals("anonymous", StringComparison.OrdinalIgnoreCase) || invite.From.Uri.Host == "anonymous.invalid";
        if (withheld) return ("", "");
        var identity = invite.AssertedIdentities.Count > 0 ? invite.AssertedIdentities[0] : invite.From;
        return (identity.Uri.User, identity.DisplayName ?? invite.From.DisplayName ?? "");
    }

    private static bool IsServer(TrunkStatus status, Flow flow) =>
        (status.Flow is { } ours && ours.Equals(flow)) || status.Servers.Any(server => server.Equals(flow.Remote));

    /// <summary>True when an address is one of the trunk's, found or configured.</summary>
    public static bool IsAddressOf(Trunk trunk, TrunkStatus status, IPAddress address) =>
        status.Servers.Any(server => server.Address.Equals(address)) || trunk.SourceAddresses.Any(source => Contains(source, address));

    private static bool Contains(string source, IPAddress address) =>
        IPAddress.TryParse(source, out var single) ? single.Equals(address) : IPNetwork.TryParse(source, out var network) && network.Contains(address);

    private static Trunk Choose(List<Trunk> among, SipRequest invite)
    {
        if (among.Count == 1) return among[0];
        var called = invite.RequestUri.User;
        return among.FirstOrDefault(t => t.UserName is { Length: > 0 } user && user == called)
            ?? among.FirstOrDefault(t => t.Numbers.Any(number => SameNumber(number, called)))
            ?? among.FirstOrDefault(t => t.Numbers.Any(number => SameNumber(number, invite.To.Uri.User)))
            ?? among[0];
    }

    /// <summary>Providers write numbers with and without prefixes: nine digits from the end tell French ones and most others apart.</summary>
    private static bool SameNumber(string configured, string called)
    {
        var length = Math.Min(9, configured.Length);
        return called.Length >= length && configured.AsSpan()[^length..].SequenceEqual(called.AsSpan()[^length..]);
    }
}
