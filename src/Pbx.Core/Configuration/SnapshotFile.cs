using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>
/// The last published snapshot in the data directory, encrypted: with it a start answers calls while the database is away. It is written in the background:
/// whoever saves does not wait for it, and of several changes in a row only the last is written. Ten thousand extensions take a good part of a second, so a rest of many times
/// as long follows: with saves all day calls have the processor.
/// </summary>
public sealed partial class SnapshotFile(DataDirectory directory, IDataProtectionProvider protection, TimeProvider time, ILogger<SnapshotFile> log)
{
    /// <summary>How many times as long as it wrote it rests.</summary>
    private const int Rest = 20;

    private static readonly Guid Program = typeof(SnapshotFile).Module.ModuleVersionId;

    private readonly IDataProtector protector = protection.CreateProtector("Pbx.Snapshot");
    private readonly Lock gate = new();
    private PbxSnapshot? next;
    private bool busy;
    private Task writing = Task.CompletedTask;
    private TaskCompletionSource hurry = NewHurry();
    private bool isAwaited;

    /// <summary>Has it written soon; a kill leaves an older one or this one, whole. From any thread.</summary>
    public void Keep(PbxSnapshot snapshot)
    {
        lock (gate)
        {
            next = snapshot;
            if (busy) return;
            busy = true;
            writing = Task.Run(WriteAllAsync);
        }
    }

    /// <summary>Completes when what was to be kept until now has been written, or could not be.</summary>
    public Task WrittenAsync()
    {
        lock (gate)
        {
            isAwaited = busy;
            hurry.TrySetResult();
            return writing;
        }
    }

    private static TaskCompletionSource NewHurry() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAllAsync()
    {
        while (TakeNext() is { } snapshot)
        {
            var began = time.GetTimestamp();
            try
            {
                Write(snapshot);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The database has it; only a start without database would find an older one.
                NotWritten(e);
            }
            await RestAsync(time.GetElapsedTime(began) * Rest);
        }
    }

    private async Task RestAsync(TimeSpan length)
    {
        Task called;
        lock (gate)
        {
            if (isAwaited) return;
            hurry = NewHurry();
            called = hurry.Task;
        }
        using var slept = new CancellationTokenSource();
        await Task.WhenAny(called, Task.Delay(length, time, slept.Token));
        await slept.CancelAsync();
    }

    private PbxSnapshot? TakeNext()
    {
        lock (gate)
        {
            var taken = next;
            next = null;
            busy = taken is not null;
            isAwaited &= busy;
            return taken;
        }
    }

    private void Write(PbxSnapshot snapshot)
    {
        var content = new Content(Program, snapshot.Revision, DocumentModel.Of(snapshot), snapshot.Closures.Values.ToValueList(), snapshot.AgentLogins.Values.ToValueList());
        var plain = JsonSerializer.SerializeToUtf8Bytes(content, ConfigurationJson.Whole);
        DataDirectory.WriteAtomically(directory.SnapshotFile, protector.Protect(plain));
    }

    /// <summary>Reads it; null when there is none or it cannot be read.</summary>
    public KeptSnapshot? Read()
    {
        if (!File.Exists(directory.SnapshotFile)) return null;
        try
        {
            var plain = protector.Unprotect(File.ReadAllBytes(directory.SnapshotFile));
            var content = JsonSerializer.Deserialize<Content>(plain, ConfigurationJson.Whole)!;
            IEnumerable<IConfigObject> items = [.. content.Document.Items(), .. content.Closures, .. content.AgentLogins];
            return new KeptSnapshot(items.Aggregate(PbxSnapshot.Empty with { Revision = content.Revision }, (snapshot, item) => snapshot.With(item)), content.Program == Program);
        }
#pragma warning disable CA1031 // Written by another version, with keys that are gone, by a disk that fails: as good as none, and no reason not to start.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotRead(e.Message);
            return null;
        }
    }

    [LoggerMessage(2106, LogLevel.Warning, "The last configuration could not be written to the data directory.")]
    private partial void NotWritten(Exception exception);

    [LoggerMessage(2108, LogLevel.Warning, "The last configuration in the data directory cannot be read: {Reason}")]
    private partial void NotRead(string reason);

    private sealed record Content(Guid Program, long Revision, DocumentModel Document, ValueList<ClosureSwitch> Closures, ValueList<AgentLogin> AgentLogins);
}

/// <summary>What the data directory held.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="OfThisProgram">True when this very program wrote it: another may have known fewer settings.</param>
public sealed record KeptSnapshot(PbxSnapshot Snapshot, bool OfThisProgram);
