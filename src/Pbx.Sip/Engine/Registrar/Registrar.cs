using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Sip.Defence;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Engine.Live;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// Owner of all bindings. Shards change them one after the other in a short lock; calls look them up without. Told of time by a timer of
/// its own; call-backs are made outside of the lock and must not block. Its instants are those of the steady clock: a registration lasts as long
/// as was granted, whatever is done to the machine's clock; only rows and the file have the wall clock's.
/// </summary>
internal sealed class Registrar : IDisposable
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<Binding>> bindings = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> expiries = new();
    private readonly ISnapshotSource snapshots;
    private readonly SteadyClock time;
    private readonly BindingJournal? journal;
    private readonly LiveTopic<ValueList<LiveRegistration>> topic;
    private readonly RegistrationRows rows;
    private readonly ITimer timer;
    private IDisposable? subscription;
    private DateTimeOffset armedFor;
    private int count;

    /// <summary>A registrar without bindings.</summary>
    public Registrar(ISnapshotSource snapshots, SteadyClock time, RegistrarOptions options, ILogger<Registrar> logger)
    {
        (this.snapshots, this.time) = (snapshots, time);
        journal = options.JournalFile is { } file ? new BindingJournal(file, logger.RegistrationsUnwritten) : null;
        timer = time.CreateTimer(_ => Expire(time.GetUtcNow()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        rows = new RegistrationRows(() => bindings.Keys, extension => Find(extension).OrderBy(binding => binding.RegisteredAt).Select(RowOf));
        topic = new LiveTopic<ValueList<LiveRegistration>>(time, TimeSpan.FromMilliseconds(250), rows.Build, keeps: true);
        Sounds = new DeviceSounds(Show);
    }

    /// <summary>Told when an extension gets its first usable binding (true) or loses its last one (false).</summary>
    public event Action<string, bool>? RegisteredChanged;

    /// <summary>Told of an extension whose bindings have changed in any way.</summary>
    public event Action<string>? Changed;

    /// <summary>Told of a binding that is new, or whose device is back.</summary>
    public event Action<Binding>? Appeared;

    /// <summary>What pages subscribe to.</summary>
    public ILiveTopic<ValueList<LiveRegistration>> Topic => topic;

    /// <summary>How each device's sound was encrypted last.</summary>
    public DeviceSounds Sounds { get; }

    /// <summary>How many bindings there are.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Changes that are not on disk yet.</summary>
    public int Unwritten => journal?.Waiting ?? 0;

    /// <summary>Takes over the bindings of the last run, then lets time and configuration work on them.</summary>
    public void Start()
    {
        var now = time.GetUtcNow();
        foreach (var kept in journal?.Start() ?? [])
            if (Restored(kept, now) is { } restored)
                // A device may have registered while this start goes on: that is newer.
                Replace(restored.Extension, before => (200, before.Any(restored.IsSameContact) ? before : before.Add(restored)));
        subscription = snapshots.Subscribe(Prune);
        time.WallMoved += OnWallMoved;
        Prune(snapshots.Current);
        Expire(now);
    }

    /// <summary>The bindings of an extension, those that cannot be reached now included; empty when it has none. O(1), from any thread.</summary>
    public ImmutableArray<Binding> Find(string extension) => bindings.TryGetValue(extension, out var all) ? all : [];

    /// <summary>True when at least one device of the extension can be reached.</summary>
    public bool IsRegistered(string extension) => IsUsable(Find(extension));

    /// <summary>Carries out an authenticated REGISTER.</summary>
    public RegisterOutcome Register(RegisterCommand command, RegisterLimits limits)
    {
        var now = time.GetUtcNow();
        return new RegisterOutcome(Replace(command.Extension, before => BindingRules.Apply(Alive(before, now), command, limits, now)),
            Find(command.Extension));
    }

    /// <summary>Ends the bindings whose time is over.</summary>
    public void Expire(DateTimeOffset now)
    {
        while (TryDue(now) is { } extension)
            Replace(extension, before => (200, Alive(before, now)));
        lock (gate)
            Arm();
    }

    /// <summary>A connection is lost: its bindings wait for their devices to come back (RFC 5626 §5.3).</summary>
    public void OnFlowLost(Flow flow)
    {
        foreach (var (extension, all) in bindings)
            if (all.Any(binding => binding.Flow == flow))
                Replace(extension, before => (200, [.. before.Select(binding => binding.Flow == flow ? binding with { Flow = null } : binding)]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        subscription?.Dispose();
        time.WallMoved -= OnWallMoved;
        timer.Dispose();
        topic.Dispose();
        journal?.Dispose();
    }

    private static bool IsUsable(ImmutableArray<Binding> all) => all.Any(binding => !binding.AwaitsReconnection);

    private static ImmutableArray<Binding> Alive(ImmutableArray<Binding> all, DateTimeOffset now) =>
        all.All(binding => binding.ExpiresAt > now) ? all : [.. all.Where(binding => binding.ExpiresAt > now)];

    private string? TryDue(DateTimeOffset now)
    {
        lock (gate)
        {
            armedFor = default;
            return expiries.TryPeek(out _, out var due) && due <= now ? expiries.Dequeue() : null;
        }
    }

    private LiveRegistration RowOf(Binding binding) => OnWall(binding).ToRow() with { Srtp = Sounds.Of(binding.Extension, binding.Device) };

    private Binding OnWall(Binding binding) => binding with { RegisteredAt = time.ToWall(binding.RegisteredAt), ExpiresAt = time.ToWall(binding.ExpiresAt) };

    /// <summary>
    /// A binding of the last run; null when its time is over. None lasts longer than can be granted: where the clock stands behind (a machine without
    /// one that runs on, before it has asked the network), the file seems to come from the future.
    /// </summary>
    private Binding? Restored(Binding kept, DateTimeOffset now)
    {
        var latest = now.AddSeconds(snapshots.Current.Settings.MaxExpiresSeconds);
        var (registeredAt, expiresAt) = (time.FromWall(kept.RegisteredAt), time.FromWall(kept.ExpiresAt));
        return expiresAt <= now ? null : kept with
        {
            RegisteredAt = registeredAt < now ? registeredAt : now, ExpiresAt = expiresAt < latest ? expiresAt : latest,
        };
    }

    // The next run will read the file by the new time.
    private void OnWallMoved(TimeSpan by)
    {
        foreach (var binding in bindings.Values.SelectMany(all => all)) journal?.Put(OnWall(binding));
        rows.NoteAll();
        topic.Touch();
    }

    /// <summary>How strictly an extension's media is encrypted now.</summary>
    public CallSecurity SecurityOf(string extension) => snapshots.Current is var snapshot
        && snapshot.Extensions.TryGetValue(extension, out var found) ? snapshot.SecurityOf(found) : snapshot.Settings.Security;

    /// <summary>Bindings of extensions and devices that are gone end with them, and those in clear of an extension that is held to encryption.</summary>
    private void Prune(PbxSnapshot snapshot)
    {
        Sounds.Prune(snapshot);
        foreach (var (extension, all) in bindings)
            if (all.Any(binding => !Stands(snapshot, binding)))
                Replace(extension, before => (200, [.. before.Where(binding => Stands(snapshot, binding))]));
    }

    private static bool Stands(PbxSnapshot snapshot, Binding binding) =>
        snapshot.Extensions.TryGetValue(binding.Extension, out var extension) && extension.Devices.Any(device => device.Key == binding.Device)
        && !(ClearPolicy.IsClear(binding.Transport) && snapshot.SecurityOf(extension) == CallSecurity.EncryptedOnly);

    private int Replace(string extension, Func<ImmutableArray<Binding>, (int Status, ImmutableArray<Binding> After)> change)
    {
        ImmutableArray<Binding> before;
        ImmutableArray<Binding> after;
        int status;
        lock (gate)
        {
            before = Find(extension);
            (status, after) = change(before);
            if (status != 200 || before == after)
                return status;
            if (after.IsEmpty)
                bindings.TryRemove(extension, out _);
            else
                bindings[extension] = after;
            Volatile.Write(ref count, count + after.Length - before.Length);
            Note(before, after);
        }
        Tell(extension, before, after);
        return status;
    }

    private void Note(ImmutableArray<Binding> before, ImmutableArray<Binding> after)
    {
        foreach (var gone in before.Where(old => !after.Contains(old)))
            journal?.Remove(gone);
        foreach (var made in after.Where(binding => !before.Contains(binding)))
        {
            expiries.Enqueue(made.Extension, made.ExpiresAt);
            journal?.Put(OnWall(made));
        }
        Arm();
    }

    /// <summary>Lets the timer fire when the next binding may be over.</summary>
    private void Arm()
    {
        if (!expiries.TryPeek(out _, out var due) || due == armedFor)
            return;
        armedFor = due;
        var after = due - time.GetUtcNow();
        timer.Change(after > TimeSpan.Zero ? after : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Show(string extension)
    {
        rows.Note(extension);
        topic.Touch();
    }

    private void Tell(string extension, ImmutableArray<Binding> before, ImmutableArray<Binding> after)
    {
        Show(extension);
        if (IsUsable(before) != IsUsable(after))
            RegisteredChanged?.Invoke(extension, IsUsable(after));
        Changed?.Invoke(extension);
        foreach (var binding in after)
            if (!binding.AwaitsReconnection && !before.Any(old => old.Contact.IsEquivalentTo(binding.Contact) && old.Flow == binding.Flow))
                Appeared?.Invoke(binding);
    }
}
