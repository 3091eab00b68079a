using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>
/// Gives calls the files to record into, and at a start keeps what a killed server had recorded. Drafts are written and recordings
/// thrown away by a worker of its own, since calls do not wait for disks.
/// </summary>
internal sealed partial class RecordingPlaces(DataDirectory directory, ISnapshotSource snapshots, VoicemailStore store, ILogger<RecordingPlaces> logger)
    : BackgroundService, IRecordingPlaces
{
    private const int DefaultMinSeconds = 2;
    private IReadOnlyList<string> found = [];
    private readonly Channel<Action> work = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    /// <inheritdoc/>
    public string BeginMessage(NewMessage draft)
    {
        var path = BeginOther(draft.Id);
        work.Writer.TryWrite(() => File.WriteAllBytes(MessageFiles.DraftOf(path), JsonSerializer.SerializeToUtf8Bytes(draft with { RecordingFile = path })));
        return path;
    }

    /// <inheritdoc/>
    public string BeginOther(Guid id) => Path.Combine(Path.GetFullPath(directory.Recordings), id.ToString("N") + ".wav");

    /// <inheritdoc/>
    public void Discard(string recordingFile) => work.Writer.TryWrite(() =>
    {
        File.Delete(MessageFiles.DraftOf(recordingFile));
        File.Delete(recordingFile);
    });

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // What is there now is an earlier run's; recordings that begin later are none of the recovery's business.
        DataDirectory.Make(directory.Recordings);
        found = Directory.GetFiles(directory.Recordings);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await RecoverAsync(stoppingToken);
        await foreach (var step in work.Reader.ReadAllAsync(stoppingToken)) Do(step);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (work.Reader.TryRead(out var step)) Do(step);
    }

    /// <summary>Keeps the messages that were being recorded or kept when the server was killed; throws the rest away.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var file in found.OrderByDescending(f => f.EndsWith(MessageFiles.DraftExtension, StringComparison.Ordinal)))
        {
            try
            {
                if (file.EndsWith(MessageFiles.DraftExtension, StringComparison.Ordinal)) await RecoverAsync(file, cancellationToken);
                else if (!File.Exists(MessageFiles.DraftOf(file))) File.Delete(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The draft stays, so the next start tries again.
                LogFailed(logger, error.Message);
            }
        }
        found = [];
    }

    private async Task RecoverAsync(string draftFile, CancellationToken cancellationToken)
    {
        var wav = Path.ChangeExtension(draftFile, ".wav");
        if (File.Exists(wav) && ReadDraft(draftFile) is { } draft && CanonicalWav.Read(await File.ReadAllBytesAsync(wav, cancellationToken)) is { } sound)
        {
            var milliseconds = (int)(sound.Samples.Length * 1000L / sound.SampleRate);
            var shortest = snapshots.Current.Mailboxes.GetValueOrDefault(draft.Mailbox)?.MinSeconds ?? DefaultMinSeconds;
            if (milliseconds >= shortest * 1000 && Loudness.HasSound(sound.Samples))
            {
                // The header of a recording that was cut says nothing of its length yet.
                await File.WriteAllBytesAsync(wav, CanonicalWav.Write(sound.Samples, sound.SampleRate), cancellationToken);
                await store.KeepAsync(draft with { Milliseconds = milliseconds, RecordingFile = wav }, cancellationToken);
                LogRecovered(logger, draft.Mailbox, milliseconds);
            }
        }
        File.Delete(draftFile);
    }

    private static NewMessage? ReadDraft(string draftFile)
    {
        try
        {
            return JsonSerializer.Deserialize<NewMessage>(File.ReadAllBytes(draftFile));
        }
        catch (JsonException)
        {
            // Cut while the draft was written, at the very beginning of the recording: there is nothing to keep.
            return null;
        }
    }

    private void Do(Action step)
    {
        try
        {
            DataDirectory.Make(directory.Recordings);
            step();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogFailed(logger, error.Message);
        }
    }

    [LoggerMessage(3411, LogLevel.Warning, "A message of {Milliseconds} ms for mailbox {Mailbox} was found that a killed server had recorded; it is kept.")]
    private static partial void LogRecovered(ILogger logger, string mailbox, int milliseconds);

    [LoggerMessage(3412, LogLevel.Error, "The directory of recordings cannot be written: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
