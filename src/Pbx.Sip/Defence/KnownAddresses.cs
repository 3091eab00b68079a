using Pbx.Core.Common;
using Pbx.Sip.Network;

namespace Pbx.Sip.Defence;

/// <summary>
/// From where accounts authenticated lately, a few addresses each; only who has the password enters here. Also where administrators are signed
/// in. What is here is not banned by accident, and goes on undisturbed while strangers guess. From any thread.
/// </summary>
internal sealed class KnownAddresses(DefenceOptions options, SteadyClock time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<KnownAddress>> accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<Source, DateTimeOffset> lastSeen = [];
    private readonly RecentTable<Source, DateTimeOffset> administrators = new(1_000);

    /// <summary>True when something changed since it was last kept.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Accounts that know an address.</summary>
    public int Count
    {
        get
        {
            lock (gate) return accounts.Count;
        }
    }

    /// <summary>An account has authenticated from here.</summary>
    public void Add(string account, Source source)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (!accounts.TryGetValue(account, out var known)) accounts[account] = known = [];
            var at = known.FindIndex(address => address.Source == source);
            // To the minute: a registration every half minute is no change that must be written.
            if (at >= 0 && now - known[at].Seen < TimeSpan.FromMinutes(1)) return;
            if (at >= 0) known.RemoveAt(at);
            else if (known.Count >= options.KnownPerAccount) known.RemoveAt(0);
            known.Add(new(source, now));
            lastSeen[source] = now;
            if (lastSeen.Count > 2 * accounts.Count * options.KnownPerAccount + 64) ForgetOld(now);
            IsChanged = true;
        }
    }

    /// <summary>An administrator is signed in from here.</summary>
    public void AddAdministrator(Source source)
    {
        lock (gate) administrators.Put(source, time.GetUtcNow(), out _);
    }

    /// <summary>True when the account authenticated from here lately.</summary>
    public bool Knows(string account, Source source)
    {
        var oldest = time.GetUtcNow() - options.KnownFor;
        lock (gate)
            return accounts.TryGetValue(account, out var known) && known.Exists(address => address.Source == source && address.Seen >= oldest);
    }

    /// <summary>True when phones or administrators of ours were here lately.</summary>
    public bool IsHome(Source source)
    {
        var oldest = time.GetUtcNow() - options.KnownFor;
        lock (gate) return (lastSeen.TryGetValue(source, out var seen) && seen >= oldest) || administrators.Find(source) >= oldest;
    }

    /// <summary>What is to be kept over a restart.</summary>
    public IReadOnlyList<KeptAddress> Kept()
    {
        lock (gate)
        {
            IsChanged = false;
            return [.. accounts.SelectMany(account => account.Value.Select(known => new KeptAddress(account.Key, known.Source.ToString(), time.ToWall(known.Seen))))];
        }
    }

    /// <summary>Takes what was kept.</summary>
    public void Restore(IEnumerable<KeptAddress> kept)
    {
        var now = time.GetUtcNow();
        lock (gate)
            foreach (var address in kept.OrderBy(address => address.Seen))
            {
                if (Source.Parse(address.Address) is not { } source) continue;
                if (!accounts.TryGetValue(address.Account, out var known)) accounts[address.Account] = known = [];
                var seen = time.FromWall(address.Seen) is var at && at < now ? at : now;
                if (known.Count < options.KnownPerAccount) known.Add(new(source, seen));
                lastSeen[source] = seen;
            }
    }

    private void ForgetOld(DateTimeOffset now)
    {
        var still = accounts.Values.SelectMany(known => known).Where(address => now - address.Seen < options.KnownFor).Select(address => address.Source).ToHashSet();
        foreach (var source in lastSeen.Keys.Where(source => !still.Contains(source)).ToList()) lastSeen.Remove(source);
    }

    private readonly record struct KnownAddress(Source Source, DateTimeOffset Seen);
}

/// <summary>An address that an account knows, as kept on disk.</summary>
/// <param name="Account">The account's user name.</param>
/// <param name="Address">The address.</param>
/// <param name="Seen">When it last authenticated from there.</param>
internal sealed record KeptAddress(string Account, string Address, DateTimeOffset Seen);
