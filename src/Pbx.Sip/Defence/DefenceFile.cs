using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;

namespace Pbx.Sip.Defence;

/// <summary>
/// Keeps bans and known addresses over a restart: a small file, written a few seconds after a change, whole or not at all. What cannot be read or
/// written is no reason not to answer calls.
/// </summary>
internal sealed class DefenceFile : IBackgroundRoom, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly DefenceOptions options;
    private readonly BanList bans;
    private readonly KnownAddresses known;
    private readonly ILogger<DefenceFile> logger;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private volatile bool bansChanged;

    /// <summary>Reads what was kept, and looks for changes from now on.</summary>
    public DefenceFile(DefenceOptions options, BanList bans, KnownAddresses known, TimeProvider time, ILogger<DefenceFile> logger)
    {
        (this.options, this.bans, this.known, this.logger) = (options, bans, known, logger);
        Read();
        bans.Changed += () => bansChanged = true;
        timer = time.CreateTimer(_ => Write(), null, Interval, Interval);
    }

    private sealed record Content(IReadOnlyList<Ban> Bans, IReadOnlyList<KeptAddress> Known);

    /// <inheritdoc/>
    public void Start()
    {
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Write();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void Read()
    {
        if (options.File is not { } file || !File.Exists(file)) return;
        try
        {
            if (JsonSerializer.Deserialize<Content>(File.ReadAllBytes(file)) is not { Bans: not null, Known: not null } content) return;
            bans.Restore(content.Bans);
            known.Restore(content.Known);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.DefenceFileTroubled(exception);
        }
    }

    private void Write()
    {
        if (options.File is not { } file || !(bansChanged || known.IsChanged)) return;
        lock (gate)
        {
            try
            {
                bansChanged = false;
                DataDirectory.WriteAtomically(file, JsonSerializer.SerializeToUtf8Bytes(new Content(bans.Kept(), known.Kept())));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                bansChanged = true;
                logger.DefenceFileTroubled(exception);
            }
        }
    }
}
