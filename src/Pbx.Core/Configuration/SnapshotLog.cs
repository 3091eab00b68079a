using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>
/// The changes since the whole snapshot that the data directory holds: a line each, encrypted, in Base64, synced to disk. A line names the snapshot and the revision that it follows; reading
/// ends at the first that does not, or that a kill cut.
/// </summary>
internal sealed class SnapshotLog(DataDirectory directory, IDataProtector protector)
{
    /// <summary>Where the next line begins; null: unknown, for it was neither read nor cleared.</summary>
    private long? end;

    /// <summary>Adds a change. False: it would grow beyond that many bytes, and nothing was written.</summary>
    /// <exception cref="IOException">The disk takes it not; nothing that is read later was written.</exception>
    public bool Append(Guid snapshot, StoredChange change, long mostBytes)
    {
        if (end is not { } begin) return false;
        var line = Convert.ToBase64String(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(LineOf(snapshot, change), ConfigurationJson.Whole))) + "\n";
        if (begin + line.Length > mostBytes) return false;
        DataDirectory.WriteAt(directory.SnapshotLog, begin, Encoding.ASCII.GetBytes(line));
        end = begin + line.Length;
        return true;
    }

    /// <summary>
    /// The snapshot with all changes that follow it, whether this very program wrote them, and why the rest cannot be read (null: it can). What cannot be read is taken for a gap: the next
    /// change is not added behind it.
    /// </summary>
    public (PbxSnapshot Newest, bool OfThisProgram, string? Trouble) Read(Guid id, PbxSnapshot snapshot)
    {
        var (read, ofThisProgram) = (0L, true);
        end = null;
        try
        {
            var text = File.Exists(directory.SnapshotLog) ? File.ReadAllText(directory.SnapshotLog, Encoding.ASCII).AsSpan() : [];
            for (var length = text.IndexOf('\n'); length >= 0; length = text.IndexOf('\n'))
            {
                var line = LineIn(text[..length]);
                if (line.Snapshot != id || line.Before != snapshot.Revision) break;
                snapshot = line.Apply(snapshot);
                ofThisProgram &= line.Program == SnapshotFile.Program;
                read += length + 1;
                text = text[(length + 1)..];
            }
            end = read;
            return (snapshot, ofThisProgram, null);
        }
#pragma warning disable CA1031 // A disk that fails, a line that somebody changed: what was read until there is good.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (snapshot, ofThisProgram, e.Message);
        }
    }

    /// <summary>Removes all: a whole snapshot holds it.</summary>
    public void Clear()
    {
        end = 0;
        File.Delete(directory.SnapshotLog);
    }

    private static Line LineOf(Guid snapshot, StoredChange change)
    {
        var put = change.Changed.Select(change.After.Find).OfType<IConfigObject>().Aggregate(PbxSnapshot.Empty, (all, item) => all.With(item));
        return new Line(SnapshotFile.Program, snapshot, change.Before.Revision, change.After.Revision, change.Changed.Select(name => name.ToString()).ToValueList(),
            DocumentModel.Of(put), put.Closures.Values.ToValueList(), put.AgentLogins.Values.ToValueList());
    }

    private Line LineIn(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, bytes, out var length)
            ? JsonSerializer.Deserialize<Line>(protector.Unprotect(bytes[..length]), ConfigurationJson.Whole)! : throw new FormatException("A line of the changes is not Base64.");
    }

    /// <summary>One change: the names of what was put or removed, and what was put.</summary>
    private sealed record Line(Guid Program, Guid Snapshot, long Before, long After, ValueList<string> Changed, DocumentModel Document, ValueList<ClosureSwitch> Closures,
        ValueList<AgentLogin> AgentLogins)
    {
        public PbxSnapshot Apply(PbxSnapshot snapshot)
        {
            IEnumerable<IConfigObject> items = [.. Document.Items(), .. Closures, .. AgentLogins];
            var put = items.ToDictionary(item => new ObjectRef(item.Kind, item.Key));
            foreach (var text in Changed)
            {
                if (!ObjectRef.TryParse(text, out var name)) throw new JsonException($"{text} is the name of no object.");
                snapshot = put.TryGetValue(name, out var item) ? snapshot.With(item) : snapshot.Without(name);
            }
            return snapshot with { Revision = After };
        }
    }
}
