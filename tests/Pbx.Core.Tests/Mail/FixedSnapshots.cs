using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.Mail;

/// <summary>A configuration held in memory: what is applied is published, nothing is validated.</summary>
internal sealed class FixedSnapshots(PbxSnapshot start) : IConfiguration
{
    private readonly List<Action<PbxSnapshot>> subscribers = [];

    public PbxSnapshot Current { get; private set; } = start;

    public List<Actor> Actors { get; } = [];

    public int ConflictsToCome { get; set; }

    public void Publish(PbxSnapshot snapshot)
    {
        Current = snapshot;
        foreach (var subscriber in subscribers.ToArray()) subscriber(snapshot);
    }

    public IDisposable Subscribe(Action<PbxSnapshot> published)
    {
        subscribers.Add(published);
        return new Subscription(() => subscribers.Remove(published));
    }

    public Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes, Actor actor, CancellationToken cancellationToken = default)
    {
        if (ConflictsToCome-- > 0) return Task.FromResult(Result<PbxSnapshot>.Fail(new PbxError("conflict", "", "Somebody else saved.")));
        Actors.Add(actor);
        Publish(changes.Aggregate(Current, (s, c) => c is Change.Put put ? s.With(put.Item) : s.Without(((Change.Remove)c).Name)));
        return Task.FromResult(Result<PbxSnapshot>.Ok(Current));
    }

    public IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes) => [];

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
