using System.Collections.Immutable;
using Pbx.Core.Audio;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Messages;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Sip.Tests.Engine;

/// <summary>A configuration in memory that takes every change without asking.</summary>
internal sealed class FakeConfiguration(PbxSnapshot first) : IConfiguration
{
    private readonly List<Action<PbxSnapshot>> subscribers = [];

    public PbxSnapshot Current { get; private set; } = first;

    public IDisposable Subscribe(Action<PbxSnapshot> published)
    {
        subscribers.Add(published);
        return new Ended(() => subscribers.Remove(published));
    }

    public Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes, Actor actor, CancellationToken cancellationToken = default)
    {
        var next = Current;
        foreach (var change in changes)
        {
            next = change switch
            {
                Change.Put put => next.With(put.Item),
                Change.Remove remove => next.Without(remove.Name),
                _ => next,
            };
        }
        Publish(next);
        return Task.FromResult(Result<PbxSnapshot>.Ok(Current));
    }

    public IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes) => [];

    public void Publish(PbxSnapshot next)
    {
        Current = next with { Revision = Current.Revision + 1 };
        foreach (var subscriber in subscribers.ToArray()) subscriber(Current);
    }

    private sealed class Ended(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

internal sealed class FakeJournal : ICallJournal
{
    public List<CallRecord> Begun { get; } = [];

    public List<CallRecord> Finished { get; } = [];

    public long Pending => 0;

    public void Started(CallRecord record)
    {
        lock (Begun) Begun.Add(record);
    }

    public void Ended(CallRecord record)
    {
        lock (Finished) Finished.Add(record);
    }
}

internal sealed class FakeVoicemail : IVoicemail, IRecordingPlaces, IPhoneRecordings
{
    public ImmutableDictionary<string, MailboxCount> Counts { get; set; } = ImmutableDictionary<string, MailboxCount>.Empty;

    public List<NewMessage> Kept { get; } = [];

    public List<string> Discarded { get; } = [];

    public IDisposable Subscribe(Action<string> countChanged) => new MemoryStream();

    public Task KeepAsync(NewMessage message, CancellationToken cancellationToken = default)
    {
        lock (Kept) Kept.Add(message);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<MessageInfo>> ListAsync(string mailbox, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<MessageInfo>>([]);

    public Task MarkAsync(string mailbox, Guid message, MessageMark mark, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<string?> AudioFileAsync(string mailbox, Guid message, CancellationToken cancellationToken = default) => Task.FromResult<string?>(null);

    public string BeginMessage(NewMessage draft) => $"/recordings/{draft.Id}.wav";

    public string BeginOther(Guid id) => $"/recordings/{id}.wav";

    public void Discard(string recordingFile)
    {
        lock (Discarded) Discarded.Add(recordingFile);
    }

    public Task<IReadOnlyList<PbxError>> KeepAsync(ObjectRef subject, string recordingFile, string by,
        CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<PbxError>>([]);
}

/// <summary>Remembers what was told.</summary>
internal sealed class FakeAlerts : IAlerts
{
    public List<(AlertKind Kind, string Subject, string Detail)> Raised { get; } = [];

    public ILiveTopic<ValueList<Alert>> Current => throw new NotSupportedException();

    public void Raise(AlertKind kind, string subject, string detail) => Raised.Add((kind, subject, detail));

    public void Dismiss(AlertKind kind, string subject)
    {
    }
}
