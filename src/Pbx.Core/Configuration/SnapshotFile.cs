using System.Security.Cryptography;
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
/// whoever saves does not wait for it, and of several changes in a row only the last is written.
/// </summary>
public sealed partial class SnapshotFile(DataDirectory directory, IDataProtectionProvider protection, ILogger<SnapshotFile> log)
{
    private readonly IDataProtector protector = protection.CreateProtector("Pbx.Snapshot");
    private readonly Lock gate = new();
    private PbxSnapshot? next;
    private bool busy;
    private Task writing = Task.CompletedTask;

    /// <summary>Has it written soon; a kill leaves an older one or this one, whole. From any thread.</summary>
    public void Keep(PbxSnapshot snapshot)
    {
        lock (gate)
        {
            next = snapshot;
            if (busy) return;
            busy = true;
            writing = Task.Run(WriteAll);
        }
    }

    /// <summary>Completes when what was to be kept until now has been written, or could not be.</summary>
    public Task WrittenAsync()
    {
        lock (gate) return writing;
    }

    private void WriteAll()
    {
        while (TakeNext() is { } snapshot)
        {
            try
            {
                Write(snapshot);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The database has it; only a start without database would find an older one.
                NotWritten(e);
            }
        }
    }

    private PbxSnapshot? TakeNext()
    {
        lock (gate)
        {
            var taken = next;
            next = null;
            busy = taken is not null;
            return taken;
        }
    }

    private void Write(PbxSnapshot snapshot)
    {
        var content = new Content(snapshot.Revision, DocumentModel.Of(snapshot), snapshot.Closures.Values.ToValueList(), snapshot.AgentLogins.Values.ToValueList());
        var plain = JsonSerializer.SerializeToUtf8Bytes(content, ConfigurationJson.Whole);
        DataDirectory.WriteAtomically(directory.SnapshotFile, protector.Protect(plain));
    }

    /// <summary>Reads it; null when there is none or it cannot be read.</summary>
    public PbxSnapshot? Read()
    {
        if (!File.Exists(directory.SnapshotFile)) return null;
        try
        {
            var plain = protector.Unprotect(File.ReadAllBytes(directory.SnapshotFile));
            var content = JsonSerializer.Deserialize<Content>(plain, ConfigurationJson.Whole)!;
            IEnumerable<IConfigObject> items = [.. content.Document.Items(), .. content.Closures, .. content.AgentLogins];
            return items.Aggregate(PbxSnapshot.Empty with { Revision = content.Revision }, (snapshot, item) => snapshot.With(item));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            // Written by another version or with keys that are gone: as good as none.
            return null;
        }
    }

    [LoggerMessage(2106, LogLevel.Warning, "The last configuration could not be written to the data directory.")]
    private partial void NotWritten(Exception exception);

    private sealed record Content(long Revision, DocumentModel Document, ValueList<ClosureSwitch> Closures, ValueList<AgentLogin> AgentLogins);
}
