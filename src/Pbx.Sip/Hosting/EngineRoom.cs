using Microsoft.Extensions.Logging;
using Pbx.Core.CallFlow;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine.Queues;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Media;

namespace Pbx.Sip.Hosting;

/// <summary>Starts what works beside the shards: the registrar, the owner of the queues, media's sounds.</summary>
internal sealed class EngineRoom(Registrar registrar, QueueHost queues, IMediaHost media, ILogger<EngineRoom> logger) : IBackgroundRoom
{
    /// <inheritdoc/>
    public void Start()
    {
        registrar.RegisteredChanged += (extension, registered) => queues.Send(new QueueInput.ExtensionRegistered(extension, registered));
        queues.Start();
        registrar.Start();
        media.Start();
        // Beside everything else, for it is seconds of work: phones that come back after a restart do not wait for music.
        _ = Task.Run(WarmUpAsync);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) => await queues.DisposeAsync().ConfigureAwait(false);

    /// <summary>The first caller must not wait for what every caller hears.</summary>
    private async Task WarmUpAsync()
    {
        try
        {
            await media.WarmUpAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Sounds are loaded again when they are asked for; a start does not fail for them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.SoundsNotReady(exception);
        }
    }
}
