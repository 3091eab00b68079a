using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;

namespace Pbx.Core.Audio;

/// <summary>
/// Has the phrases spoken in the background: at start, and again when the speech command changes. The languages of the sites come
/// first. A speech engine that fails is tried again later; calls go on without the phrase.
/// </summary>
internal sealed partial class PhraseSpeaker(AudioLibrary library, ISnapshotSource snapshots, TimeProvider time, ILogger<PhraseSpeaker> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);
    private readonly TaskCompletionSource allSpoken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every phrase has been spoken once.</summary>
    public Task AllSpoken => allSpoken.Task;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the starting thread: nothing of the start waits for the speech engine.
        await Task.Yield();
        using var changed = new SemaphoreSlim(1, 1);
        var command = "";
        using var subscription = snapshots.Subscribe(snapshot =>
        {
            if (snapshot.Settings.SpeechCommand != Volatile.Read(ref command) && changed.CurrentCount == 0) changed.Release();
        });
        while (!stoppingToken.IsCancellationRequested)
        {
            await changed.WaitAsync(stoppingToken);
            Volatile.Write(ref command, snapshots.Current.Settings.SpeechCommand);
            while (!await SpeakAllAsync(command, stoppingToken))
            {
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                await Task.WhenAny(Task.Delay(RetryAfter, time, pause.Token), changed.WaitAsync(pause.Token));
                await pause.CancelAsync();
                stoppingToken.ThrowIfCancellationRequested();
                Volatile.Write(ref command, snapshots.Current.Settings.SpeechCommand);
            }
            allSpoken.TrySetResult();
        }
    }

    private async Task<bool> SpeakAllAsync(string command, CancellationToken cancellationToken)
    {
        var used = snapshots.Current.Sites.Values.Select(s => s.Language).ToHashSet();
        foreach (var language in PhraseTexts.Languages.OrderByDescending(used.Contains))
        {
            foreach (var (name, text) in PhraseTexts.Of(language))
            {
                if (await SpeakAsync(name, language, text, command, cancellationToken) is not { } reason) continue;
                LogFailed(logger, name, language, reason);
                return false;
            }
        }
        return true;
    }

    /// <summary>Null, or why it failed.</summary>
    private async Task<string?> SpeakAsync(string name, string language, string text, string command, CancellationToken cancellationToken)
    {
        try
        {
            var errors = await library.EnsurePhraseAsync(name, language, text, command, cancellationToken);
            return errors.Count == 0 ? null : errors[0].Message;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "The phrase {Name} ({Language}) cannot be spoken; tried again later. {Reason}")]
    private static partial void LogFailed(ILogger logger, string name, string language, string reason);
}
