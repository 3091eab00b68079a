using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Messages;
using Pbx.Sip.Network;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Defence;

/// <summary>
/// Limits guessing. A failure is a wrong answer to a fresh nonce that was made for that very address, so it cannot be forged in another's
/// name. Strangers are banned after a few; where phones or administrators of ours are, guesses are slowed down instead. An account has a
/// budget for strangers, and goes on undisturbed from where it is known. From any thread.
/// </summary>
internal sealed class GuessGuard(DefenceOptions options, BanList bans, KnownAddresses known, IProviders providers, AllowList allowed, SteadyClock time,
    ILogger<GuessGuard> logger)
{
    private readonly Lock gate = new();
    private readonly RecentTable<Source, Failures> failures = new(options.TableSize);
    private readonly RateWindows byAccount = new();
    private readonly RateWindows byPlace = new();

    private readonly record struct Failures(int Count, DateTimeOffset Last);

    /// <summary>Addresses with failures that are not forgiven; bounded.</summary>
    public int Watched
    {
        get
        {
            lock (gate) return failures.Count;
        }
    }

    /// <summary>Told, at most once a minute for each, of an account that strangers guess at beyond its budget.</summary>
    public event Action<string>? AccountAttacked;

    /// <summary>False when credentials are not even to be judged now; the same for accounts that exist and that do not.</summary>
    public bool MayTry(string account, Flow flow)
    {
        var (source, now) = (Source.Of(flow.Remote.Address), time.GetUtcNow());
        var isKnown = known.Knows(account, source);
        if (byPlace.Count(PlaceOf(account, source, isKnown), now) >= options.GuessesWhereProtected) return false;
        return isKnown || byAccount.Count(account.GetHashCode(StringComparison.Ordinal), now) < options.GuessesPerAccount;
    }

    /// <summary>The answer was right.</summary>
    public void Right(string account, Flow flow) => known.Add(account, Source.Of(flow.Remote.Address));

    /// <summary>The answer was wrong, to a fresh nonce that this address was given.</summary>
    public void Wrong(string account, SipRequest request, Flow flow)
    {
        var (source, now) = (Source.Of(flow.Remote.Address), time.GetUtcNow());
        var isKnown = known.Knows(account, source);
        byPlace.Add(PlaceOf(account, source, isKnown), now);
        if (!isKnown && byAccount.Add(account.GetHashCode(StringComparison.Ordinal), now) == options.GuessesPerAccount)
        {
            logger.AccountAttacked(PacketText.Printable(account), source.ToString());
            AccountAttacked?.Invoke(account);
        }
        // What was on its way when the ban began is no further one.
        if (IsProtected(source, flow) || bans.IsBanned(source) || !IsOneTooMany(source, now)) return;
        var ban = bans.Add(source, BanCause.Guessing, PacketText.Of(request), hasProved: true);
        logger.Banned(ban.Address, "wrong credentials", ban.Until);
    }

    // One known account at its own address has a budget of its own, so that a guesser behind the same router cannot use it up; all the
    // others that are tried from there share one.
    private static int PlaceOf(string account, Source source, bool isKnown) =>
        isKnown ? HashCode.Combine(source, account) : source.GetHashCode();

    private bool IsProtected(Source source, Flow flow) =>
        known.IsHome(source) || allowed.Contains(flow.Remote.Address) || providers.IsProviderAt(flow.Remote.Address);

    private bool IsOneTooMany(Source source, DateTimeOffset now)
    {
        lock (gate)
        {
            var before = failures.Find(source);
            var forgiven = before.Count == 0 ? 0 : (int)Math.Min(before.Count, (now - before.Last) / options.Forgiveness);
            var count = before.Count - forgiven + 1;
            if (count < options.FailuresPerAddress)
            {
                failures.Put(source, new(count, now), out _);
                return false;
            }
            failures.Remove(source);
            return true;
        }
    }
}
