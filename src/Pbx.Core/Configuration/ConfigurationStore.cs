using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Prompts;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>
/// The configuration: one snapshot in memory that everybody reads, one writer at a time, the database behind it. While the database is
/// away, reading goes on with the last snapshot, and the store looks for the database until it is back.
/// </summary>
public sealed partial class ConfigurationStore(IConfigurationStorage storage, IAudioLibrary audio, SnapshotFile file, TimeProvider time,
    ILogger<ConfigurationStore> log) : IConfiguration, IAsyncDisposable
{
    /// <summary>How often a database that is away is tried.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long a start waits for a database whose configuration it may have in the data directory already.</summary>
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private ImmutableList<Action<PbxSnapshot>> subscribers = [];
    private PbxSnapshot current = PbxSnapshot.Empty;
    private readonly TaskCompletionSource databaseSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool databaseAvailable;
    private Task recovery = Task.CompletedTask;
    private bool toCheck;

    /// <inheritdoc/>
    public PbxSnapshot Current => Volatile.Read(ref current);

    /// <summary>False while the database cannot be reached: reading goes on, saving gives <c>database-unavailable</c>.</summary>
    public bool DatabaseAvailable => databaseAvailable;

    /// <summary>Completes when the database could be reached for the first time.</summary>
    public Task DatabaseSeen => databaseSeen.Task;

    /// <summary>True once a configuration was loaded, from the database or from the last snapshot in the data directory.</summary>
    public bool Loaded { get; private set; }

    /// <summary>
    /// Loads the configuration: from the last snapshot in the data directory where this program wrote it and the database holds that very revision, which is a
    /// fraction of the work; else from the database, or while that is away, or hangs, from the last snapshot. Called once, before anything reads.
    /// </summary>
    /// <exception cref="StorageRefusedException">This program must not use the database that it found.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var last = file.Read();
        try
        {
            if (last is { OfThisProgram: true } kept && await RevisionAsync(cancellationToken) == kept.Snapshot.Revision)
            {
                Publish(kept.Snapshot);
                Available();
                toCheck = true;
                return;
            }
            Take(await storage.LoadAsync(cancellationToken));
            Available();
        }
        catch (StorageUnavailableException e)
        {
            if (last is not null) Publish(last.Snapshot);
            StartedWithoutDatabase(Current.Revision, e.Message);
            recovery = RecoverAsync();
        }
    }

    /// <summary>
    /// Once everything has started: looks in the background whether the database says what this start took from the data directory. It does unless
    /// somebody wrote to it by hand, or put another in its place; then what the database says is taken.
    /// </summary>
    public void Check()
    {
        if (!toCheck) return;
        toCheck = false;
        recovery = Task.Run(CheckAsync);
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<PbxSnapshot> published)
    {
        ImmutableInterlocked.Update(ref subscribers, list => list.Add(published));
        return new Subscription(() => ImmutableInterlocked.Update(ref subscribers, list => list.Remove(published)));
    }

    /// <inheritdoc/>
    public async Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes, Actor actor, CancellationToken cancellationToken = default)
    {
        if (!databaseAvailable) return Unavailable();
        // Speaking is slow: it happens before the lock, for a plan that would be accepted now. The plan is made again inside.
        var spoken = await SpeakAsync(changes, cancellationToken);
        if (!spoken.Succeeded) return Result<PbxSnapshot>.Fail(spoken.Errors);
        await writer.WaitAsync(cancellationToken);
        try
        {
            return await ApplyLockedAsync(spoken.Value.Changes, spoken.Value.Sounding, actor);
        }
        finally
        {
            writer.Release();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes)
    {
        var plan = ChangePlan.Make(Current, changes);
        return [.. plan.Stale.Select(name => Conflict(name, null)), .. plan.Errors];
    }

    /// <summary>The newest changes, newest first: of one object, or of all. Empty while the database is away.</summary>
    public async Task<IReadOnlyList<ChangeInfo>> ChangesAsync(ObjectRef? name, int count, CancellationToken cancellationToken = default)
    {
        try
        {
            return await storage.ChangesAsync(name, count, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The container knows the store by several names and disposes it for each.
        if (stopping.IsCancellationRequested) return;
        await stopping.CancelAsync();
        await recovery;
        await file.WrittenAsync();
        writer.Dispose();
    }

    private async Task<Result<PbxSnapshot>> ApplyLockedAsync(IReadOnlyList<Change> changes, IReadOnlySet<string> sounding, Actor actor)
    {
        if (!databaseAvailable) return Unavailable();
        var plan = ChangePlan.Make(Current, changes, sounding);
        try
        {
            if (await RefuseAsync(plan) is { } refusal) return refusal;
            var changed = plan.Changed;
            if (changed.Count == 0) return Result<PbxSnapshot>.Ok(Current);
            // From here on nobody can call it off: what is committed must be published.
            await SaveAsync(new StoredChange(Current, plan.After, changed, actor, time.GetUtcNow()));
            return Result<PbxSnapshot>.Ok(Current);
        }
        catch (StorageUnavailableException e)
        {
            // It may even have been committed: loading it again tells.
            LostDatabase(e.Message);
            databaseAvailable = false;
            recovery = RecoverAsync();
            return Unavailable();
        }
        catch (StorageConflictException)
        {
            return Result<PbxSnapshot>.Fail(new PbxError("conflict", "", "Somebody else changed the configuration meanwhile."));
        }
    }

    /// <summary>
    /// Saves and publishes, a second time when only the connection broke (the database was restarted): unless the first time was committed after all.
    /// </summary>
    private async Task SaveAsync(StoredChange change)
    {
        try
        {
            await storage.SaveAsync(change, CancellationToken.None);
            Take(change);
        }
        catch (StorageUnavailableException e) when (e.ConnectionBroke)
        {
            var stored = await storage.LoadAsync(CancellationToken.None);
            if (stored.Revision == change.Before.Revision)
            {
                await storage.SaveAsync(change, CancellationToken.None);
                Take(change);
                return;
            }
            Take(stored);
            var committed = stored.Revision == change.After.Revision && change.Changed.All(name => Equals(stored.Find(name), change.After.Find(name)));
            if (!committed) throw new StorageConflictException(e);
        }
        catch (StorageConflictException)
        {
            // Another server writes to the same database: learn what it wrote.
            Take(await storage.LoadAsync(CancellationToken.None));
            throw;
        }
    }

    private async Task<Result<PbxSnapshot>?> RefuseAsync(ChangePlan plan)
    {
        if (plan.Stale.Count == 0 && plan.Errors.Count == 0) return null;
        List<PbxError> errors = [];
        foreach (var name in plan.Stale) errors.Add(Conflict(name, await storage.LastChangeAsync(name)));
        return Result<PbxSnapshot>.Fail([.. errors, .. plan.Errors]);
    }

    private static PbxError Conflict(ObjectRef name, ChangeInfo? last)
    {
        var at = last?.At.ToString("u", CultureInfo.InvariantCulture) ?? "";
        var what = last is { After: null } ? "removed" : "changed";
        return new PbxError("conflict", References.PathOf(name), last is null
            ? $"{name} was changed or removed by somebody else meanwhile. Look at it again."
            : $"{name} was {what} by {last.Actor.Name} at {at}. Look at it again.", name.ToString(), last?.Actor.Name ?? "", at);
    }

    /// <summary>The changes with a sound in each prompt that is to be spoken and has none.</summary>
    private async Task<Result<Spoken>> SpeakAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var nothing = Result<Spoken>.Ok(new Spoken(changes, ImmutableHashSet<string>.Empty));
        if (!changes.Any(c => c is Change.Put { Item: Prompt { Spoken: true } })) return nothing;
        var plan = ChangePlan.Make(Current, changes);
        // What is refused anyway is refused inside, with the names of those who changed what meanwhile.
        if (plan.Stale.Count > 0 || plan.Errors.Count > 0) return nothing;
        List<PbxError> errors = [];
        List<Change> spoken = [];
        HashSet<string> sounding = [];
        foreach (var change in changes)
        {
            var silent = change is Change.Put { Item: Prompt { Spoken: true } given } && plan.After.Prompts.TryGetValue(given.Key, out var planned)
                && planned is { Audio: null } ? given : null;
            spoken.Add(silent is null ? change : new Change.Put(await SpeakAsync(silent, plan.After.Settings.SpeechCommand, errors, cancellationToken)));
            if (silent is not null) sounding.Add(silent.Key);
        }
        return errors.Count == 0 ? Result<Spoken>.Ok(new Spoken(spoken, sounding)) : Result<Spoken>.Fail(errors);
    }

    private async Task<Prompt> SpeakAsync(Prompt prompt, string command, List<PbxError> errors, CancellationToken cancellationToken)
    {
        var made = await audio.SpeakAsync(prompt.Text ?? "", prompt.Language, command, cancellationToken);
        if (made.Succeeded) return prompt with { Audio = made.Value.Hash, DurationMilliseconds = made.Value.Milliseconds };
        errors.AddRange(made.Errors.Select(e => e with { Path = $"prompts/{prompt.Key}/text" }));
        return prompt;
    }

    /// <summary>Publishes a snapshot that the database has, and keeps it for a start without database.</summary>
    private void Take(PbxSnapshot snapshot)
    {
        Publish(snapshot);
        file.Keep(snapshot);
    }

    /// <summary>The same for one that differs by this change from the one before.</summary>
    private void Take(StoredChange change)
    {
        Publish(change.After);
        file.Keep(change);
    }

    private void Publish(PbxSnapshot snapshot)
    {
        Volatile.Write(ref current, snapshot);
        Loaded = true;
        foreach (var subscriber in subscribers)
        {
            try
            {
                subscriber(snapshot);
            }
            catch (Exception e)
            {
                // One who fails must not keep the others from hearing of it, nor make a committed save look failed.
                SubscriberFailed(e);
            }
        }
    }

    private void Available()
    {
        databaseAvailable = true;
        databaseSeen.TrySetResult();
    }

    /// <summary>The revision that the database holds; null when that cannot be said.</summary>
    /// <exception cref="StorageUnavailableException">It does not answer.</exception>
    private async Task<long?> RevisionAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(FirstAnswer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await storage.RevisionAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageUnavailableException("The database does not answer.", e);
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            if (await LookAsync()) return;
            databaseAvailable = false;
        }
        catch (OperationCanceledException)
        {
            // The server stops.
            return;
        }
        await RecoverAsync();
    }

    private async Task RecoverAsync()
    {
        try
        {
            while (!databaseAvailable)
            {
                await Task.Delay(RetryInterval, time, stopping.Token);
                if (await LookAsync()) DatabaseIsBack(Current.Revision);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <summary>Learns what the database says. False: it is away, or not for this program.</summary>
    private async Task<bool> LookAsync()
    {
        await writer.WaitAsync(stopping.Token);
        try
        {
            var stored = await storage.LoadAsync(stopping.Token);
            if (!Loaded || stored.Revision != Current.Revision || !stored.All().ToHashSet().SetEquals(Current.All()))
            {
                Take(stored);
                TakenFromDatabase(stored.Revision);
            }
            Available();
            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
        catch (StorageRefusedException e)
        {
            DatabaseRefused(e.Message);
            return false;
        }
        finally
        {
            writer.Release();
        }
    }

    private static Result<PbxSnapshot> Unavailable() => Result<PbxSnapshot>.Fail(new PbxError("database-unavailable", "",
        "The database cannot be reached now: calls go on, but nothing can be saved. Try again when it is back."));

    /// <summary>Changes, and the keys of the prompts whose sound was made for them.</summary>
    private sealed record Spoken(IReadOnlyList<Change> Changes, IReadOnlySet<string> Sounding);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    [LoggerMessage(2101, LogLevel.Error, "The database cannot be reached; calls are answered by revision {Revision} from the data directory. {Reason}")]
    private partial void StartedWithoutDatabase(long revision, string reason);

    [LoggerMessage(2102, LogLevel.Error, "The database was lost; calls go on with the configuration in memory. {Reason}")]
    private partial void LostDatabase(string reason);

    [LoggerMessage(2103, LogLevel.Information, "The database is back, at revision {Revision}.")]
    private partial void DatabaseIsBack(long revision);

    [LoggerMessage(2107, LogLevel.Information, "The configuration was taken from the database, at revision {Revision}: it is another than what was kept.")]
    private partial void TakenFromDatabase(long revision);

    [LoggerMessage(2104, LogLevel.Error, "The database that came back cannot be used: {Reason}")]
    private partial void DatabaseRefused(string reason);

    [LoggerMessage(2105, LogLevel.Error, "Somebody who was told of a new configuration failed.")]
    private partial void SubscriberFailed(Exception exception);
}
