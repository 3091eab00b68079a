using Microsoft.Extensions.Hosting;
using Pbx.Core.Access;
using Pbx.Core.Configuration;

namespace Pbx.Core.Hosting;

/// <summary>
/// Prepares who may use the console: roles, the first administrator or the set-up code. Registered after the SIP side and before the console, so
/// that phones are answered meanwhile: a company whose server starts again waits for its calls, not for its console.
/// </summary>
internal sealed class SetupStart(ConfigurationStore configuration, SystemSetup setup, ApiTokens tokens, CoreOptions options) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Completes when the set-up of this start is done.</summary>
    internal Task SettingUp { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SettingUp = SetUpAsync();
        if (configuration.DatabaseAvailable) await SettingUp;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await SettingUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();

    /// <summary>Set-up needs the database: where that is away at the start, it waits for it.</summary>
    private async Task SetUpAsync()
    {
        await configuration.DatabaseSeen.WaitAsync(stopping.Token);
        var unclaimed = !await setup.IsClaimedAsync(stopping.Token);
        await setup.StartAsync(options.SetupAdminEmail, options.SetupAdminPassword);
        if (unclaimed && options.SetupApiToken is { } token) await tokens.AddAsync("set-up", token, stopping.Token);
    }
}
