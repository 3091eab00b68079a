using System.Collections.Concurrent;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Sip.Network;

namespace Pbx.Sip.Defence;

/// <summary>A ban as it is kept: also for a while after its end, because the next one is longer.</summary>
/// <param name="Address">The written form of its source.</param>
/// <param name="Cause">Why.</param>
/// <param name="Packet">The request that was one too many, without credentials.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Its end.</param>
/// <param name="Times">How many bans there were, as far as they are not forgiven.</param>
internal sealed record Ban(string Address, BanCause Cause, string Packet, DateTimeOffset Since, DateTimeOffset Until, int Times);

/// <summary>
/// Who is banned until when. Bans of addresses that have proved to be there, and those of datagrams that anybody may have sent in
/// another's name, lie in tables apart: forged ones are short, do not grow, and push out none but their like. A ban lasts by the steady clock; what is
/// given out and taken in is by the wall clock. From any thread.
/// </summary>
internal sealed class BanList(DefenceOptions options, SteadyClock time)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<Source, DateTimeOffset> ends = new();
    private readonly RecentTable<Source, Ban> proved = new(options.TableSize);
    private readonly RecentTable<Source, Ban> unproved = new(options.TableSize);

    /// <summary>Told when a ban was added or taken away.</summary>
    public event Action? Changed;

    /// <summary>Addresses that are held, over or not; bounded.</summary>
    public int Held => ends.Count;

    /// <summary>True when the source is banned now.</summary>
    public bool IsBanned(Source source) => !ends.IsEmpty && ends.TryGetValue(source, out var until) && until > time.GetUtcNow();

    /// <summary>Bans a source; each ban of one that has proved to be there is longer than the one before.</summary>
    public Ban Add(Source source, BanCause cause, string packet, bool hasProved)
    {
        var now = time.GetUtcNow();
        Ban ban;
        lock (gate)
        {
            var times = hasProved ? TimesOf(source, now) + 1 : 1;
            ban = new Ban(source.ToString(), cause, packet, now, now + DurationOf(times), times);
            Keep(source, ban, hasProved ? proved : unproved);
        }
        Changed?.Invoke();
        return OnWall(ban);
    }

    /// <summary>Ends a ban, and forgets it. False when there is none.</summary>
    public bool Release(Source source)
    {
        bool found;
        lock (gate)
        {
            found = proved.Remove(source) | unproved.Remove(source);
            ends.TryRemove(source, out _);
        }
        if (found) Changed?.Invoke();
        return found;
    }

    /// <summary>The bans in force, the newest first.</summary>
    public IReadOnlyList<Ban> Current()
    {
        var now = time.GetUtcNow();
        lock (gate)
            return [.. proved.All.Concat(unproved.All).Select(place => place.Value).Where(ban => ban.Until > now).OrderByDescending(ban => ban.Since).Select(OnWall)];
    }

    /// <summary>What is to be kept over a restart.</summary>
    public IReadOnlyList<Ban> Kept()
    {
        lock (gate) return [.. proved.All.Select(place => OnWall(place.Value))];
    }

    /// <summary>Takes what was kept.</summary>
    public void Restore(IEnumerable<Ban> kept)
    {
        // None is longer than the longest, also where the clock stands behind that of the run before.
        var latest = time.GetUtcNow() + options.LongestBan;
        lock (gate)
            foreach (var ban in kept)
            {
                if (Source.Parse(ban.Address) is not { } source) continue;
                var until = time.FromWall(ban.Until);
                Keep(source, ban with { Since = time.FromWall(ban.Since), Until = until < latest ? until : latest }, proved);
            }
    }

    private Ban OnWall(Ban ban) => ban with { Since = time.ToWall(ban.Since), Until = time.ToWall(ban.Until) };

    private void Keep(Source source, Ban ban, RecentTable<Source, Ban> table)
    {
        if (table.Put(source, ban, out var gone)) ends.TryRemove(gone, out _);
        // The longer one holds when there are both.
        ends.AddOrUpdate(source, ban.Until, (_, other) => other > ban.Until ? other : ban.Until);
    }

    private int TimesOf(Source source, DateTimeOffset now) =>
        proved.Find(source) is { } last ? Math.Max(0, last.Times - (int)Math.Max(0, (now - last.Until) / options.BanForgiveness)) : 0;

    private TimeSpan DurationOf(int times)
    {
        var factor = Math.Pow(options.BanGrowth, Math.Min(times - 1, 20));
        return factor >= options.LongestBan / options.FirstBan ? options.LongestBan : options.FirstBan * factor;
    }
}
