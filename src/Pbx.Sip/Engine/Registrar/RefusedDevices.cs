using System.Threading.Channels;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Sip.Defence;
using Pbx.Sip.Engine.Live;
using Pbx.Sip.Messages;
using Pbx.Sip.Network;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// Why devices do not register, for people to read. Whoever refuses a request only leaves a note, the same for users that exist and that do not;
/// which of the notes are of a device of ours is looked up later, elsewhere. Strangers can neither fill it nor find out by it who exists.
/// </summary>
internal sealed class RefusedDevices : IRefusals, IDisposable
{
    private const int MostNotes = 1000, MostRows = 200;
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    private readonly Channel<Note> notes = Channel.CreateBounded<Note>(new BoundedChannelOptions(MostNotes) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lock gate = new();
    private readonly Dictionary<(string Extension, string Source), LiveRefusal> rows = [];
    private readonly ISnapshotSource snapshots;
    private readonly TimeProvider time;
    private readonly LiveTopic<ValueList<LiveRefusal>> topic;
    private readonly IDisposable drained;

    /// <summary>A table without rows.</summary>
    public RefusedDevices(ISnapshotSource snapshots, TimeProvider time)
    {
        (this.snapshots, this.time) = (snapshots, time);
        topic = new LiveTopic<ValueList<LiveRefusal>>(time, TimeSpan.FromMilliseconds(250), Rows);
        drained = topic.Subscribe(Drain);
    }

    private readonly record struct Note(string User, string Source, string Transport, string UserAgent, RefusalCause Cause, DateTimeOffset At);

    /// <summary>What pages subscribe to.</summary>
    public ILiveTopic<ValueList<LiveRefusal>> Topic => topic;

    /// <inheritdoc/>
    public void Add(SipRequest request, Flow flow, string? user, RefusalCause cause)
    {
        if (request.Method != SipMethods.Register) return;
        notes.Writer.TryWrite(new Note(user ?? request.To.Uri.User, Source.Of(flow.Remote.Address).ToString(), flow.Transport.ToString().ToUpperInvariant(),
            PacketText.Printable(request.Header(HeaderId.UserAgent) ?? ""), cause, time.GetUtcNow()));
        topic.Touch();
    }

    /// <summary>A device has registered: what was said of it is past.</summary>
    public void Forget(Binding binding)
    {
        Drain();
        lock (gate)
        {
            foreach (var (key, row) in rows)
                if (row.Extension == binding.Extension && (row.Device == binding.Device || row.Device.Length == 0)) rows.Remove(key);
        }
        topic.Touch();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        drained.Dispose();
        topic.Dispose();
    }

    private ValueList<LiveRefusal> Rows()
    {
        Drain();
        var (snapshot, oldest) = (snapshots.Current, time.GetUtcNow() - Shown);
        lock (gate)
        {
            foreach (var (key, row) in rows)
                if (row.At < oldest || !snapshot.Extensions.ContainsKey(row.Extension)) rows.Remove(key);
            return rows.Values.OrderByDescending(row => row.At).ToValueList();
        }
    }

    private void Drain()
    {
        var snapshot = snapshots.Current;
        lock (gate)
        {
            while (notes.Reader.TryRead(out var note))
                if (OwnerOf(snapshot, note.User) is var (extension, device)) Put(note, extension, device);
        }
    }

    private void Put(Note note, string extension, string device)
    {
        var key = (extension, note.Source);
        var times = rows.TryGetValue(key, out var known) && known.Cause == note.Cause ? known.Times + 1 : 1;
        if (known is null && rows.Count >= MostRows) rows.Remove(rows.MinBy(row => row.Value.At).Key);
        rows[key] = new LiveRefusal(extension, device, note.Source, note.Transport, note.UserAgent, note.Cause, note.At, times);
    }

    private static (string Extension, string Device)? OwnerOf(PbxSnapshot snapshot, string user)
    {
        if (snapshot.DeviceUsers.TryGetValue(user, out var owner)) return owner;
        return snapshot.Numbers.TryGetValue(user, out var reached) && reached.Kind == DestinationKind.Extension ? (reached.Value, "") : null;
    }
}
