using Microsoft.Extensions.Hosting;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Messages;
using Pbx.Core.Spool;

namespace Pbx.Core.Hosting;

/// <summary>
/// Opens the spool and gives its owners what an earlier run left in it, before anything drains it; at the end closes it, after all that
/// writes to it.
/// </summary>
internal sealed class KeepingStart(DataDirectory directory, SpoolLog spool, CallJournal journal, VoicemailStore store) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // What an earlier run was making and did not finish.
        if (Directory.Exists(directory.Temporary)) Directory.Delete(directory.Temporary, recursive: true);
        var found = spool.Open();
        journal.Recover(found);
        store.Recover(found);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        spool.Close();
        return Task.CompletedTask;
    }
}
