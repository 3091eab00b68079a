using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Tests.Fakes;

/// <summary>A configuration in memory without validation; the next answer can be made a failure.</summary>
public sealed class FakeDoor : IConfigurationDoor
{
    private readonly List<Action<PbxSnapshot>> subscribers = [];

    public PbxSnapshot Current { get; private set; } = PbxSnapshot.Empty;

    public PbxError[] NextErrors { get; set; } = [];

    public List<Change> Applied { get; } = [];

    public int Subscribers => subscribers.Count;

    public void Publish(params IConfigObject[] items)
    {
        foreach (var item in items) Current = Current.With(item);
        foreach (var subscriber in subscribers.ToArray()) subscriber(Current);
    }

    public IDisposable Subscribe(Action<PbxSnapshot> published)
    {
        subscribers.Add(published);
        return new Subscription(() => subscribers.Remove(published));
    }

    public Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes)
    {
        if (NextErrors.Length > 0) return Task.FromResult(Result<PbxSnapshot>.Fail(NextErrors));
        Applied.AddRange(changes);
        foreach (var change in changes)
            Current = change is Change.Put put ? Current.With(put.Item) : Current.Without(((Change.Remove)change).Name);
        foreach (var subscriber in subscribers.ToArray()) subscriber(Current);
        return Task.FromResult(Result<PbxSnapshot>.Ok(Current));
    }

    public Task<Result<PbxSnapshot>> SwitchClosureAsync(string site, bool on, DateTimeOffset? until) =>
        ApplyAsync([new Change.Put(new ClosureSwitch { Key = site, On = on, Until = until, ChangedBy = "anne" })]);

    public Task<Result<PbxSnapshot>> SwitchAgentAsync(string extension, string? queue, bool loggedIn) =>
        ApplyAsync([new Change.Put(new AgentLogin { Key = extension, Extension = extension, Queue = queue, LoggedIn = loggedIn })]);

    public IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes) => NextErrors;

    public Task<Caller> CallerAsync() => Task.FromResult(Caller.System);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
