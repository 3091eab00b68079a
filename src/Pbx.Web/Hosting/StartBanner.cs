using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Pbx.Core.Access;
using Pbx.Web.Account;

namespace Pbx.Web.Hosting;

/// <summary>Prints, once everything listens, where the console and the phones find the server, and the set-up code while nobody has claimed it.</summary>
internal sealed class StartBanner(
    IServer server, BootOptions options, FirstSetup setup, IServiceProvider services, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _ = PrintAsync());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PrintAsync()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var lines = new List<string>
        {
            $"Console   {string.Join("  ", addresses.Select(Readable))}",
            $"SIP       {string.Join(", ", options.SipBind)} port {options.SipPort} (UDP, TCP), {options.SipTlsPort} (TLS)   RTP {options.RtpFirstPort}-{options.RtpLastPort}",
            $"Data      {options.DataDirectory}",
        };
        try
        {
            if (!await setup.IsClaimedAsync(lifetime.ApplicationStopping))
                lines.Add($"Set-up code {services.GetRequiredService<SystemSetup>().Code}   (the console's first page asks for it)");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // With the database away calls are answered all the same; set-up has to wait.
            lines.Add("The database does not answer yet: nobody can sign in until it does.");
        }
        await Console.Out.WriteLineAsync(string.Join(Environment.NewLine, lines));
    }

    private static string Readable(string address) =>
        address.Replace("//[::]", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal);
}
