using Microsoft.Extensions.Hosting;
using Pbx.Core.Certificates;
using Pbx.Core.Configuration;

namespace Pbx.Core.Hosting;

/// <summary>
/// Before any hosted service starts: takes the data directory, makes a certificate serve, and has the configuration loaded. Once all have: has the
/// configuration checked that this start took from the data directory.
/// </summary>
internal sealed class CoreStart(DirectoryLock directory, CertificateStore certificates, ConfigurationStore configuration) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        directory.Take();
        certificates.Start();
        await configuration.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        configuration.Check();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
