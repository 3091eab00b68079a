using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>The last published snapshot in the data directory, encrypted: with it a start answers calls while the database is away.</summary>
public sealed class SnapshotFile(DataDirectory directory, IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Pbx.Snapshot");

    /// <summary>Writes it; a kill leaves the old or the new one.</summary>
    public void Write(PbxSnapshot snapshot)
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

    private sealed record Content(long Revision, DocumentModel Document, ValueList<ClosureSwitch> Closures, ValueList<AgentLogin> AgentLogins);
}
