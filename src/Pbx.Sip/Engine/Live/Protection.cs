using System.Net;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Sip.Defence;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Network;

namespace Pbx.Sip.Engine.Live;

/// <summary>Shows the bans to people, and takes what they say of them.</summary>
internal sealed class Protection : IProtection, IDisposable
{
    private readonly BanList bans;
    private readonly KnownAddresses known;
    private readonly ILogger<Protection> logger;
    private readonly LiveTopic<ValueList<LiveBan>> topic;

    /// <summary>Follows the list.</summary>
    public Protection(BanList bans, KnownAddresses known, TimeProvider time, ILogger<Protection> logger)
    {
        (this.bans, this.known, this.logger) = (bans, known, logger);
        topic = new LiveTopic<ValueList<LiveBan>>(time, TimeSpan.FromMilliseconds(250), Rows);
        bans.Changed += topic.Touch;
    }

    /// <inheritdoc/>
    public ILiveTopic<ValueList<LiveBan>> Bans => topic;

    /// <inheritdoc/>
    public bool Release(string address)
    {
        if (Source.Parse(address) is not { } source || !bans.Release(source)) return false;
        logger.Released(source.ToString());
        return true;
    }

    /// <inheritdoc/>
    public void AdministratorSeen(IPAddress address) => known.AddAdministrator(Source.Of(address));

    /// <inheritdoc/>
    public void Dispose()
    {
        bans.Changed -= topic.Touch;
        topic.Dispose();
    }

    private ValueList<LiveBan> Rows() =>
        bans.Current().Select(ban => new LiveBan(ban.Address, ban.Cause, ban.Packet, ban.Since, ban.Until, ban.Times)).ToValueList();
}
