using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Voicemail;

namespace Pbx.Sip.Engine.Calls;

/// <summary>
/// Recordings, messages and changes of the configuration: slow work that runs outside the shard and comes back as an input.
/// </summary>
internal sealed partial class Call
{
    private const int KeepAttempts = 5;

    private readonly Dictionary<int, Recording> recordings = [];

    private void Record(CallAction.Record action)
    {
        var id = Guid.NewGuid();
        var draft = new NewMessage(id, Id, action.For.Key, state.Caller, state.CallerName, Now, 0, "");
        string file;
        try
        {
            file = action.For.Kind == ObjectKind.Mailbox ? Shared.Places.BeginMessage(draft) : Shared.Places.BeginOther(id);
        }
        catch (IOException exception)
        {
            // No room to record: the machine goes on as with any recording that failed.
            Shared.Observer.Failed(Id, "recording", exception);
            Tell(new CallInput.RecordingEnded(action.Recording, RecordingEnd.Failed, 0, false));
            return;
        }
        recordings[action.Recording] = new Recording(draft with { RecordingFile = file });
        MediaOf(LegId.Caller)?.Record(new Media.RecordingRequest(action.Recording, file, action.MaxSeconds, action.SilenceSeconds, action.EndKeys));
    }

    private void KeepMessage(CallAction.KeepMessage action)
    {
        if (!recordings.Remove(action.Recording, out var recording)) return;
        var message = recording.Draft with { Mailbox = action.Mailbox, Milliseconds = recording.Milliseconds };
        Outside("message", async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await Shared.Voicemail.KeepAsync(message).ConfigureAwait(false);
                    return;
                }
                catch (IOException) when (attempt < KeepAttempts)
                {
                    // The recording itself is safe, and its draft is found again at the next start; a full disk may have room soon.
                    await Task.Delay(TimeSpan.FromSeconds(attempt), Shard.Time).ConfigureAwait(false);
                }
            }
        }, null);
    }

    private void KeepPrompt(CallAction.KeepPrompt action)
    {
        if (!recordings.Remove(action.Recording, out var recording))
        {
            Tell(new CallInput.ChangeDone(false));
            return;
        }
        Outside("recorded prompt", async () =>
        {
            var errors = await Shared.PhoneRecordings.KeepAsync(action.For, recording.Draft.RecordingFile, state.Caller).ConfigureAwait(false);
            Post(new CallInput.ChangeDone(errors.Count == 0));
        }, new CallInput.ChangeDone(false));
    }

    private void Discard(int number)
    {
        if (recordings.Remove(number, out var recording)) Shared.Places.Discard(recording.Draft.RecordingFile);
    }

    /// <summary>At the end of the call: what nobody kept. A recording still being written is the next start's to find.</summary>
    private void DiscardOpenRecordings()
    {
        foreach (var recording in recordings.Values.Where(recording => recording.IsOver)) Shared.Places.Discard(recording.Draft.RecordingFile);
        recordings.Clear();
    }

    private void LoadMessages(string mailbox) => Outside("messages", async () =>
    {
        var messages = await Shared.Voicemail.ListAsync(mailbox).ConfigureAwait(false);
        Post(new CallInput.MessagesLoaded(messages.ToValueList()));
    }, new CallInput.MessagesLoaded(null));

    private void MarkMessage(CallAction.MarkMessage action) =>
        Outside("message mark", () => Shared.Voicemail.MarkAsync(action.Mailbox, action.Message, action.Mark), null);

    private void SwitchClosure(CallAction.SwitchClosure action) => Outside("closure", async () =>
    {
        var result = await Shared.Configuration.SwitchClosureAsync(action.Site, action.On, action.Until, new Actor(action.By, ChangeSource.Phone),
            Shard.Time.GetUtcNow()).ConfigureAwait(false);
        Post(new CallInput.ChangeDone(result.Succeeded));
    }, new CallInput.ChangeDone(false));

    private void SwitchAgent(CallAction.SwitchAgent action) => Outside("agent log-in", async () =>
    {
        var result = await Shared.Configuration.SwitchAgentAsync(action.Extension, null, action.LoggedIn,
            new Actor(action.Extension, ChangeSource.Phone), Shard.Time.GetUtcNow()).ConfigureAwait(false);
        Post(new CallInput.ChangeDone(result.Succeeded));
    }, new CallInput.ChangeDone(false));

    /// <summary>Runs slow work on the thread pool; when it fails, that is told and the call gets <paramref name="otherwise"/>.</summary>
    private void Outside(string what, Func<Task> work, CallInput? otherwise) => _ = Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever failed out there, the call must hear that it did.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Shared.Observer.Failed(Id, what, exception);
            if (otherwise is not null) Post(otherwise);
        }
    });

    /// <summary>A recording that was begun; its message as far as it is known.</summary>
    private sealed record Recording(NewMessage Draft)
    {
        public int Milliseconds { get; init; }

        public bool IsOver { get; init; }
    }
}
