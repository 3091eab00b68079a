using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>
/// The last published snapshot in the data directory, encrypted: with it a start answers calls while the database is away. It is a whole snapshot and a log of
/// the changes made since (<see cref="SnapshotLog"/>): ten thousand extensions take a good part of a second to write, a change takes as long as it is large. All is written
/// in the background, in order and at once: whoever saves does not wait for it.
/// </summary>
public sealed partial class SnapshotFile(DataDirectory directory, IDataProtectionProvider protection, ILogger<SnapshotFile> log)
{
    /// <summary>The log grows to this part of the whole snapshot, then another whole one follows: a start reads little more, and a change costs a few times its own size.</summary>
    private const int LogPart = 8;

    /// <summary>What the log may hold however small the snapshot is, in bytes.</summary>
    private const long SmallLog = 256 * 1024;

    /// <summary>So many changes that a disk takes slowly wait one by one; then the newest snapshot takes their place.</summary>
    private const int MostWaiting = 100;

    internal static readonly Guid Program = typeof(SnapshotFile).Module.ModuleVersionId;

    private readonly IDataProtector protector = protection.CreateProtector("Pbx.Snapshot");
    private readonly SnapshotLog changes = new(directory, protection.CreateProtector("Pbx.SnapshotChange"));
    private readonly Lock gate = new();
    private readonly Queue<StoredChange> waiting = [];
    private PbxSnapshot? whole;
    private bool busy;
    private Task writing = Task.CompletedTask;
    private Kept? kept;

    /// <summary>Has it written whole, in place of all that was; a kill leaves that or this one. From any thread.</summary>
    public void Keep(PbxSnapshot snapshot)
    {
        lock (gate)
        {
            KeepWhole(snapshot);
            Begin();
        }
    }

    /// <summary>Has a change added to what is kept; a kill leaves it out or has it, as a whole. From any thread.</summary>
    public void Keep(StoredChange change)
    {
        lock (gate)
        {
            if (waiting.Count < MostWaiting) waiting.Enqueue(change);
            else KeepWhole(change.After);
            Begin();
        }
    }

    /// <summary>Completes when what was to be kept until now has been written, or could not be.</summary>
    public Task WrittenAsync()
    {
        lock (gate) return writing;
    }

    /// <summary>Reads what an earlier start left, before this one keeps anything; null when there is nothing or it cannot be read.</summary>
    public KeptSnapshot? Read()
    {
        if (!File.Exists(directory.SnapshotFile)) return null;
        try
        {
            var bytes = File.ReadAllBytes(directory.SnapshotFile);
            var content = JsonSerializer.Deserialize<Content>(protector.Unprotect(bytes), ConfigurationJson.Whole)!;
            IEnumerable<IConfigObject> items = [.. content.Document.Items(), .. content.Closures, .. content.AgentLogins];
            var snapshot = items.Aggregate(PbxSnapshot.Empty with { Revision = content.Revision }, (before, item) => before.With(item));
            // One of a version that kept no changes has no name for them to refer to.
            if (content.Id == Guid.Empty) return new KeptSnapshot(snapshot, content.Program == Program);
            var (newest, ofThisProgram, trouble) = changes.Read(content.Id, snapshot);
            if (trouble is not null) NotRead(trouble);
            kept = new Kept(content.Id, newest.Revision, bytes.Length);
            return new KeptSnapshot(newest, ofThisProgram && content.Program == Program);
        }
#pragma warning disable CA1031 // Written by another version, with keys that are gone, by a disk that fails: as good as none, and no reason not to start.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotRead(e.Message);
            return null;
        }
    }

    private void KeepWhole(PbxSnapshot snapshot)
    {
        whole = snapshot;
        waiting.Clear();
    }

    private void Begin()
    {
        if (busy) return;
        busy = true;
        writing = Task.Run(WriteAll);
    }

    private void WriteAll()
    {
        while (Next() is (var snapshot, var change))
        {
            try
            {
                if (change is null || !Add(change)) Write(Newest(snapshot));
            }
#pragma warning disable CA1031 // Whatever it is: what comes next is kept all the same.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // The database has it; only a start without database would find an older one. The next change finds a gap before it, and all is written.
                NotWritten(e);
            }
        }
    }

    private (PbxSnapshot Snapshot, StoredChange? Change)? Next()
    {
        lock (gate)
        {
            var snapshot = whole;
            whole = null;
            if (snapshot is not null) return (snapshot, null);
            busy = waiting.TryDequeue(out var change);
            return change is null ? null : (change.After, change);
        }
    }

    /// <summary>What is written whole has all that waits, be it written or not: on a full disk a long row of changes is not tried one by one.</summary>
    private PbxSnapshot Newest(PbxSnapshot snapshot)
    {
        lock (gate)
        {
            if (whole is not null) (snapshot, whole) = (whole, null);
            while (waiting.TryDequeue(out var later)) snapshot = later.After;
            return snapshot;
        }
    }

    /// <summary>False: it does not follow what is kept, or the log would be too long.</summary>
    private bool Add(StoredChange change)
    {
        if (kept is null || kept.Revision != change.Before.Revision) return false;
        if (!changes.Append(kept.Id, change, Math.Max(SmallLog, kept.Bytes / LogPart))) return false;
        kept = kept with { Revision = change.After.Revision };
        return true;
    }

    private void Write(PbxSnapshot snapshot)
    {
        // Until it is written it is not known what lies there.
        kept = null;
        var id = Guid.NewGuid();
        var content = new Content(Program, id, snapshot.Revision, DocumentModel.Of(snapshot), snapshot.Closures.Values.ToValueList(), snapshot.AgentLogins.Values.ToValueList());
        var bytes = protector.Protect(JsonSerializer.SerializeToUtf8Bytes(content, ConfigurationJson.Whole));
        DataDirectory.WriteAtomically(directory.SnapshotFile, bytes);
        DurableFiles.SyncDirectory(directory.Path);
        // What the log holds names another snapshot, so that a kill here leaves nothing that could be taken for a change of this one.
        changes.Clear();
        kept = new Kept(id, snapshot.Revision, bytes.Length);
    }

    [LoggerMessage(2106, LogLevel.Warning, "The last configuration could not be written to the data directory; the next save tries again.")]
    private partial void NotWritten(Exception exception);

    [LoggerMessage(2108, LogLevel.Warning, "The last configuration in the data directory cannot be read: {Reason}")]
    private partial void NotRead(string reason);

    /// <summary>What lies on disk.</summary>
    private sealed record Kept(Guid Id, long Revision, long Bytes);

    private sealed record Content(Guid Program, Guid Id, long Revision, DocumentModel Document, ValueList<ClosureSwitch> Closures, ValueList<AgentLogin> AgentLogins);
}

/// <summary>What the data directory held.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="OfThisProgram">True when this very program wrote it: another may have known fewer settings.</param>
public sealed record KeptSnapshot(PbxSnapshot Snapshot, bool OfThisProgram);
