using System.Net;
using Pbx.Core.Common;

namespace Pbx.Core.Live;

/// <summary>An address from which nothing is answered for a while.</summary>
/// <param name="Address">The address, or the network of one IPv6 subscriber.</param>
/// <param name="Cause">Why.</param>
/// <param name="Packet">The request that was one too many, without credentials.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Its end.</param>
/// <param name="Times">The how-manieth ban it is; each is longer than the one before.</param>
public sealed record LiveBan(string Address, BanCause Cause, string Packet, DateTimeOffset Since, DateTimeOffset Until, int Times);

/// <summary>Why an address is banned.</summary>
public enum BanCause
{
    /// <summary>Wrong answers to our challenges.</summary>
    Guessing,
    /// <summary>A tool that searches for telephone systems.</summary>
    Scanner,
}

/// <summary>What console and API see of those who are kept out, and may ask.</summary>
public interface IProtection
{
    /// <summary>Bans in force, the newest first.</summary>
    ILiveTopic<ValueList<LiveBan>> Bans { get; }

    /// <summary>Ends a ban. False when there is none of that address.</summary>
    bool Release(string address);

    /// <summary>An administrator is signed in from this address, which is therefore not banned by accident.</summary>
    void AdministratorSeen(IPAddress address);
}
