using Pbx.Core.Common;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>Where the configuration is kept: the database, as the store needs it.</summary>
public interface IConfigurationStorage
{
    /// <summary>
    /// The revision that the database holds, asked in an instant: nothing is loaded, brought up to date or made. Null when that cannot be said, or when the
    /// database is not in the very form that this version needs: <see cref="LoadAsync"/> then does what is to be done, or says what is wrong.
    /// </summary>
    Task<long?> RevisionAsync(CancellationToken cancellationToken = default);

    /// <summary>Brings the database to this version of the program (migrations), then reads everything into one snapshot.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be reached now.</exception>
    /// <exception cref="StorageRefusedException">It can be reached, but this program must not use it.</exception>
    Task<PbxSnapshot> LoadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes all steps and their audit in one transaction. Objects put carry their new version already, which is the new revision.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The database cannot be reached now; nothing was written.</exception>
    /// <exception cref="StorageConflictException">Somebody else wrote meanwhile; nothing was written.</exception>
    Task SaveAsync(StoredChange change, CancellationToken cancellationToken = default);

    /// <summary>The last change of an object, or null when none is known.</summary>
    Task<ChangeInfo?> LastChangeAsync(ObjectRef name, CancellationToken cancellationToken = default);

    /// <summary>The newest changes, newest first: of one object, or of all.</summary>
    Task<IReadOnlyList<ChangeInfo>> ChangesAsync(ObjectRef? name, int count, CancellationToken cancellationToken = default);
}

/// <summary>What is written at once.</summary>
/// <param name="Before">The snapshot that it started from.</param>
/// <param name="After">The snapshot that results.</param>
/// <param name="Changed">The objects put or removed.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="At">When (UTC).</param>
public sealed record StoredChange(PbxSnapshot Before, PbxSnapshot After, IReadOnlyList<ObjectRef> Changed, Actor Actor, DateTimeOffset At);

/// <summary>A line of the audit.</summary>
/// <param name="Revision">The revision that it made; 0 for users and tokens, which are no part of the configuration.</param>
/// <param name="Subject">What was changed: an object's written form, <c>user:</c> with its address, <c>token:</c> with its name.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Before">The object before as JSON, secrets masked; null: it was created.</param>
/// <param name="After">The object after as JSON, secrets masked; null: it was removed.</param>
public sealed record ChangeInfo(long Revision, string Subject, Actor Actor, DateTimeOffset At, string? Before, string? After)
{
    /// <summary>The object of the configuration that was changed; null: it was none.</summary>
    public ObjectRef? ConfigObject => ObjectRef.TryParse(Subject, out var name) ? name : null;
}

/// <summary>The database cannot be reached now.</summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A connection broke that had stood before: a new one may well work (the database was restarted, say).</summary>
    public bool ConnectionBroke { get; init; }
}

/// <summary>This program must not use the database that it found.</summary>
public sealed class StorageRefusedException(string message) : Exception(message);

/// <summary>The database no longer holds the revision that a change started from.</summary>
public sealed class StorageConflictException(Exception? inner = null) : Exception("Somebody else changed the configuration meanwhile.", inner);
