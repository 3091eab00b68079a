using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;

namespace Pbx.Sip.Dialogs;

/// <summary>Watches that a session is refreshed (RFC 4028): sends the refreshes when they are ours, ends a session that nobody refreshed.</summary>
internal sealed class SessionTimer
{
    private readonly InviteUsage usage;
    private readonly ShardTimer timer;

    /// <summary>A timer that does not run yet.</summary>
    public SessionTimer(DialogServices services, InviteUsage usage)
    {
        this.usage = usage;
        timer = services.Shard.CreateTimer(Due);
    }

    /// <summary>What was agreed last; null: no timer.</summary>
    public SessionInterval? Agreed { get; private set; }

    /// <summary>A request or response agreed anew, or refreshed what was agreed.</summary>
    public void Restart(SessionInterval? agreed)
    {
        Agreed = agreed;
        if (agreed is null) timer.Stop();
        else timer.Start(agreed.Due);
    }

    /// <summary>Our refresh was refused for a reason that says nothing of the session: the peer lives, so the interval counts anew.</summary>
    public void Refused() => Restart(Agreed);

    /// <summary>Ends it.</summary>
    public void Stop() => timer.Stop();

    /// <summary>The headers of a request that refreshes.</summary>
    public void AddTo(SipRequestBuilder request)
    {
        if (Agreed is { } agreed) request.Set(HeaderId.SessionExpires, agreed.InRefresh);
    }

    /// <summary>Agrees as UAS of a refreshing request and puts the headers into our 2xx (section 9).</summary>
    public void Answer(SipRequest request, SipResponseBuilder response)
    {
        Restart(SessionInterval.Answer(request));
        if (Agreed is not { } agreed) return;
        response.Add(HeaderId.SessionExpires, agreed.InAnswer);
        // RFC 4028 §9: a refresher at the other end must be told that it has to.
        if (!agreed.WeRefresh) response.Add(HeaderId.Require, "timer");
    }

    private void Due()
    {
        if (Agreed is { WeRefresh: true }) usage.Refresh();
        else usage.Expire();
    }
}
