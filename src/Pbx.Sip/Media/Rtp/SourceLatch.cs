using Pbx.Sip.Media.Net;

namespace Pbx.Sip.Media.Rtp;

/// <summary>
/// Symmetric RTP: learns where the far end's packets really come from, behind whatever router, and then takes them from there only, so that
/// nobody else can speak into the call or have it sent to himself. What is not authenticated is learned from the host that SDP names or
/// the one that the signalling comes from; what is authenticated proves itself.
/// </summary>
internal struct SourceLatch(TimeSpan window)
{
    // A far end's router may give it a new port in mid-call; the stream that goes on after a silence proves that it is still the same one.
    private const long MovedAfter = 2_000_000;
    private const long AuthenticMovedAfter = 300_000;
    private const int MovedWithin = 1000;

    private readonly long window = (long)window.TotalMicroseconds;
    private PeerAddress named;
    private PeerAddress signalling;
    private PeerAddress stale;
    private bool provisional;
    private bool latched;
    private long openUntil;
    private long lastAt;

    /// <summary>Where to send: the learned source, else the address named in SDP.</summary>
    public PeerAddress Target { get; private set; }

    /// <summary>True once a source was learned.</summary>
    public readonly bool Latched => latched;

    /// <summary>
    /// The address that SDP names; another one than before makes us learn anew. What the old source still has on its way is taken, but any
    /// other source may take over from it.
    /// </summary>
    /// <param name="address">What SDP names.</param>
    /// <param name="from">Where the signalling comes from; only its host counts.</param>
    public void Name(in PeerAddress address, in PeerAddress from)
    {
        signalling = from;
        if (named == address) return;
        if (latched) stale = Target;
        named = address;
        Target = address;
        latched = false;
    }

    /// <summary>A handshake has proven that the far end is here.</summary>
    public void Learn(in PeerAddress from, long now)
    {
        latched = true;
        provisional = false;
        Target = from;
        lastAt = now;
        openUntil = now;
    }

    /// <summary>Whether this host may be the far end at all, as far as SDP and signalling say.</summary>
    public readonly bool IsExpected(in PeerAddress from) =>
        from.IsSameHost(named) || from.IsSameHost(signalling) || (latched ? from.IsSameHost(Target) : from == stale);

    /// <summary>False when a packet from here would not be taken even if it were authentic, so that nothing need be spent on it.</summary>
    public readonly bool IsWorthwhile(in PeerAddress from, long now) => !latched || from == Target || now < openUntil || now - lastAt > AuthenticMovedAfter;

    /// <summary>Whether a valid packet from here is the far end's.</summary>
    /// <param name="from">Where it comes from.</param>
    /// <param name="now">When, in microseconds.</param>
    /// <param name="continues">How far its sequence lies ahead of the last of the same SSRC; <see cref="int.MaxValue"/> for another SSRC.</param>
    /// <param name="authentic">True when it proved to come from the far end, and for the first time.</param>
    public bool Accept(in PeerAddress from, long now, int continues, bool authentic)
    {
        if (latched && from == Target)
        {
            lastAt = now;
            return true;
        }
        if (!authentic && !IsExpected(from)) return false;
        var open = now < openUntil;
        var learns = !latched
            || (open && (from == named || provisional))
            || (authentic && now - lastAt > AuthenticMovedAfter && continues > 0)
            || (now - lastAt > MovedAfter && continues is > 0 and < MovedWithin);
        if (!learns) return false;
        if (!latched) openUntil = now + window;
        provisional = !latched && from == stale && from != named;
        latched = true;
        Target = from;
        lastAt = now;
        return true;
    }
}
