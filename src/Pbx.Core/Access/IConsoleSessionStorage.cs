using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>
/// Where console sessions are kept: the database. A session belongs to a security stamp of its user: it is there no longer once the
/// stamp has changed (password, second factor, role) or the user is disabled. All throw <see cref="StorageUnavailableException"/>.
/// </summary>
public interface IConsoleSessionStorage
{
    /// <summary>Keeps a new session.</summary>
    Task AddAsync(ConsoleSession session, string stamp);

    /// <summary>Lets a session of that user go on with a new security stamp; false when there is none.</summary>
    Task<bool> RenewAsync(Guid session, Guid user, string stamp);

    /// <summary>The session, or null.</summary>
    Task<ConsoleSession?> FindAsync(Guid session);

    /// <summary>Notes when, and from where unless that is null, a session was seen.</summary>
    Task SeenAsync(Guid session, DateTimeOffset at, string? address);

    /// <summary>A user's sessions seen since then, the last seen first.</summary>
    Task<IReadOnlyList<ConsoleSession>> ListAsync(Guid user, DateTimeOffset since);

    /// <summary>How many sessions seen since then each user has; those with none are not there.</summary>
    Task<IReadOnlyDictionary<Guid, int>> CountAsync(DateTimeOffset since);

    /// <summary>Removes the sessions that nobody has seen since then, and those of this user that its stamp no longer lets in; returns the latter.</summary>
    Task<IReadOnlyList<Guid>> RemoveOutdatedAsync(Guid user, DateTimeOffset since);

    /// <summary>Removes one session: its user has signed out.</summary>
    Task RemoveAsync(Guid session);

    /// <summary>Removes sessions of a user, and notes in the audit who ended them.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="only">Only this one, or null.</param>
    /// <param name="keep">All but this one, or null.</param>
    /// <param name="actor">Who ends them.</param>
    /// <param name="at">When.</param>
    /// <returns>The sessions that were there.</returns>
    Task<IReadOnlyList<Guid>> EndAsync(Guid user, Guid? only, Guid? keep, Actor actor, DateTimeOffset at);
}
