using Pbx.Core.Common;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>One step of a change to the configuration.</summary>
public abstract record Change
{
    /// <summary>Creates the object (version 0) or replaces the stored one, whose version must be the object's.</summary>
    public sealed record Put(IConfigObject Item) : Change;

    /// <summary>Removes the object; refused while others refer to it.</summary>
    public sealed record Remove(ObjectRef Name, long Version) : Change;
}

/// <summary>Who changes something, and through what: what the audit keeps.</summary>
/// <param name="Name">User name, token name, or the number of the extension that dialled a code.</param>
/// <param name="Source">Through what.</param>
public sealed record Actor(string Name, ChangeSource Source);

/// <summary>Through what a change came.</summary>
public enum ChangeSource
{
    /// <summary>The console.</summary>
    Console,
    /// <summary>The HTTP API or a document.</summary>
    Api,
    /// <summary>A dial code.</summary>
    Phone,
    /// <summary>The command line or the first start.</summary>
    System,
}

/// <summary>Gives the newest snapshot: what the engine and the console read.</summary>
public interface ISnapshotSource
{
    /// <summary>The newest published snapshot; one volatile read.</summary>
    PbxSnapshot Current { get; }

    /// <summary>Calls back after each publication, in revision order, until disposed. The callback must not block.</summary>
    IDisposable Subscribe(Action<PbxSnapshot> published);
}

/// <summary>
/// The one door by which the configuration changes: console, API, document and dial codes all come through it.
/// </summary>
public interface IConfiguration : ISnapshotSource
{
    /// <summary>
    /// Applies all steps or none: completes them (generated secrets, spoken prompts), validates the configuration that would result,
    /// stores it in one transaction with its audit, and publishes it. Errors: every validation mistake with its path;
    /// <c>conflict</c> when a version is stale; <c>in-use</c> when something removed is still referred to;
    /// <c>database-unavailable</c>.
    /// </summary>
    Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes, Actor actor, CancellationToken cancellationToken = default);

    /// <summary>All mistakes that applying would report, without applying. Empty when it would succeed.</summary>
    IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes);
}
