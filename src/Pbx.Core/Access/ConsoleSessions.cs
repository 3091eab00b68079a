using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>
/// Who is signed in to the console, browser by browser. A session is asked for on each request, so the answer is kept for a minute; one
/// that is ended here is ended at once. Errors: <c>forbidden</c>, <c>database-unavailable</c>.
/// </summary>
public sealed class ConsoleSessions(IConsoleSessionStorage storage, TimeProvider time)
{
    /// <summary>How long a session lives that nobody uses: as long as its cookie.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(14);

    /// <summary>How long an answer of the database is believed.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(1);

    /// <summary>How often a session that is used is written as seen.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Known> known = [];
    private readonly List<Watcher> watchers = [];

    private DateTimeOffset Oldest => time.GetUtcNow() - Life - SeenEvery;

    /// <summary>A browser signs in; or goes on, with the same session, after its user changed the password or the second factor.</summary>
    /// <param name="user">Who.</param>
    /// <param name="stamp">The user's security stamp now.</param>
    /// <param name="current">The session that the browser has, or null; one of somebody else ends.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="address">Where it is.</param>
    /// <returns>The session's id.</returns>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async Task<Guid> StartAsync(Guid user, string stamp, Guid? current, string? userAgent, string address)
    {
        var id = current is { } same && await storage.RenewAsync(same, user, stamp) ? same : await AddAsync(user, stamp, current, userAgent, address);
        Remember(id, SessionState.Live);
        // What the stamp no longer lets in is lost at once, not within a minute.
        Forget(await storage.RemoveOutdatedAsync(user, Oldest));
        return id;
    }

    /// <summary>How a session stands. Whoever asks has just used it.</summary>
    /// <param name="session">Which.</param>
    /// <param name="address">From where it is used; null: by a page that is open.</param>
    public Task<SessionState> StateAsync(Guid session, string? address = null)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            var before = known.GetValueOrDefault(session);
            if (before is { Answer.IsFaulted: false } && now - before.AskedAt < Believed) return before.Answer;
            // All who ask meanwhile wait for the same answer. The storage is not waited for in here.
            var answer = Task.Run(() => AskAsync(session, address, before?.Answer, now));
            known[session] = new(answer, now);
            return answer;
        }
    }

    /// <summary>Its user has signed out. With the database away it is ended in this process, and its cookie is gone.</summary>
    public async Task SignedOutAsync(Guid session)
    {
        Forget([session]);
        try
        {
            await storage.RemoveAsync(session);
        }
        catch (StorageUnavailableException)
        {
            // The row goes when nobody has seen it for the life of a cookie.
        }
    }

    /// <summary>The sessions of a user, the last seen first.</summary>
    public Task<Result<IReadOnlyList<ConsoleSession>>> ListAsync(Guid user) => AccessErrors.Guarded(async () =>
        Result<IReadOnlyList<ConsoleSession>>.Ok(await storage.ListAsync(user, Oldest)));

    /// <summary>How many sessions each user has. Needs <see cref="Permission.ManageUsers"/>.</summary>
    public Task<Result<IReadOnlyDictionary<Guid, int>>> CountAsync(Caller caller) => AccessErrors.Guarded(async () =>
        caller.Refuse(Permission.ManageUsers) is { } refusal
            ? Result<IReadOnlyDictionary<Guid, int>>.Fail(refusal)
            : Result<IReadOnlyDictionary<Guid, int>>.Ok(await storage.CountAsync(Oldest)));

    /// <summary>A user ends one of its own sessions; false when it was not there.</summary>
    public async Task<Result<bool>> EndAsync(Guid user, Guid session, Caller caller)
    {
        var ended = await EndAsync(user, session, keep: null, caller);
        return ended.Succeeded ? Result<bool>.Ok(ended.Value > 0) : Result<bool>.Fail(ended.Errors);
    }

    /// <summary>A user ends all its own sessions but this one; how many there were.</summary>
    public Task<Result<int>> EndOthersAsync(Guid user, Guid keep, Caller caller) => EndAsync(user, only: null, keep, caller);

    /// <summary>Ends all sessions of a user. Needs <see cref="Permission.ManageUsers"/>.</summary>
    public async Task<Result<int>> EndAllAsync(Guid user, Caller caller) => caller.Refuse(Permission.ManageUsers) is { } refusal
        ? Result<int>.Fail(refusal)
        : await EndAsync(user, only: null, keep: null, caller);

    /// <summary>Tells, once and at once, when a session is ended; until that is disposed.</summary>
    public IDisposable Watch(Guid session, Action ended)
    {
        var watcher = new Watcher(this, session, ended);
        lock (gate)
        {
            if (known.GetValueOrDefault(session) is not { Answer: { IsCompletedSuccessfully: true, Result: SessionState.Ended } })
            {
                watchers.Add(watcher);
                return watcher;
            }
        }
        ended();
        return watcher;
    }

    private Task<Result<int>> EndAsync(Guid user, Guid? only, Guid? keep, Caller caller) => AccessErrors.Guarded(async () =>
    {
        var ended = await storage.EndAsync(user, only, keep, caller.Actor, time.GetUtcNow());
        Forget(ended);
        return Result<int>.Ok(ended.Count);
    });

    private async Task<Guid> AddAsync(Guid user, string stamp, Guid? current, string? userAgent, string address)
    {
        if (current is { } other) await SignedOutAsync(other);
        var now = time.GetUtcNow();
        var session = new ConsoleSession(Guid.CreateVersion7(now), user, BrowserNames.Of(userAgent), address, now, now);
        await storage.AddAsync(session, stamp);
        return session.Id;
    }

    private async Task<SessionState> AskAsync(Guid session, string? address, Task<SessionState>? before, DateTimeOffset now)
    {
        try
        {
            if (await storage.FindAsync(session) is not { } found || found.SeenAt < Oldest)
            {
                Tell([session]);
                return SessionState.Ended;
            }
            if (now - found.SeenAt >= SeenEvery) await storage.SeenAsync(session, now, address);
            return SessionState.Live;
        }
        catch (StorageUnavailableException)
        {
            return before is { IsCompletedSuccessfully: true, Result: SessionState.Ended } ? SessionState.Ended : SessionState.Unknown;
        }
    }

    private void Remember(Guid session, SessionState state)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            // What is not here is asked of the database: only sessions that were ended while it was away must be remembered as long as their cookie.
            foreach (var (old, _) in known.Where(k => now - k.Value.AskedAt > Life).ToList()) known.Remove(old);
            known[session] = new(Task.FromResult(state), now);
        }
    }

    private void Forget(IReadOnlyList<Guid> ended)
    {
        foreach (var session in ended) Remember(session, SessionState.Ended);
        Tell(ended);
    }

    private void Tell(IReadOnlyList<Guid> ended)
    {
        List<Watcher> told;
        lock (gate)
        {
            told = watchers.FindAll(w => ended.Contains(w.Session));
            foreach (var watcher in told) watchers.Remove(watcher);
        }
        foreach (var watcher in told) watcher.Ended();
    }

    private sealed record Known(Task<SessionState> Answer, DateTimeOffset AskedAt);

    private sealed class Watcher(ConsoleSessions sessions, Guid session, Action ended) : IDisposable
    {
        public Guid Session { get; } = session;

        public Action Ended { get; } = ended;

        public void Dispose()
        {
            lock (sessions.gate) sessions.watchers.Remove(this);
        }
    }
}
