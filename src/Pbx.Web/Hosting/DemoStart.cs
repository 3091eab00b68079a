using System.Globalization;
using System.Text;
using Pbx.Core.Configuration;
using Pbx.Core.Demo;
using Pbx.Core.Snapshot;

namespace Pbx.Web.Hosting;

/// <summary>With <c>--demo</c> and an empty configuration, makes the demo company and prints what a person needs to try it.</summary>
internal sealed class DemoStart(BootOptions options, IConfiguration configuration, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Demo) return;
        var started = new TaskCompletionSource();
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        if (configuration.Current is { Sites.Count: > 0 } or { Extensions.Count: > 0 } or { Trunks.Count: > 0 })
        {
            await Console.Out.WriteLineAsync($"Demo      not made: {options.DataDirectory} already holds a configuration (the demo needs an empty directory)");
            return;
        }
        await Console.Out.WriteLineAsync("Demo      speaking the prompts ...");
        var made = await configuration.ApplyAsync(DemoCompany.Create(), new Actor("demo", ChangeSource.System), stoppingToken);
        await Console.Out.WriteLineAsync(made.Succeeded
            ? Describe(made.Value)
            : "Demo      not made: " + string.Join(Environment.NewLine, made.Errors.Select(e => e.Message)));
    }

    private string Describe(PbxSnapshot snapshot)
    {
        var text = new StringBuilder();
        foreach (var site in snapshot.Sites.Values.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{site.Name}: standard number {site.StandardNumber} (from an extension dial 0{site.StandardNumber![3..]})");
            foreach (var extension in snapshot.Extensions.Values.Where(e => e.Site == site.Key).OrderBy(e => e.Number, StringComparer.Ordinal))
                text.AppendLine(CultureInfo.InvariantCulture, $"""
                      {extension.Number}  {extension.Name,-16} SIP user {extension.Devices[0].UserName}  password {extension.Devices[0].Password?.Reveal()}  voicemail PIN {snapshot.Mailboxes[extension.Mailbox!].Pin?.Reveal()}
                    """);
            foreach (var queue in snapshot.Queues.Values.Where(q => q.Site == site.Key).OrderBy(q => q.Number, StringComparer.Ordinal))
                text.AppendLine(CultureInfo.InvariantCulture, $"  {queue.Number}  {queue.Name,-24} agents {string.Join(", ", queue.Agents.Select(a => a.Extension))}");
        }
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"Register a softphone at this machine, port {options.SipPort}, UDP or TCP, or port {options.SipTlsPort}, TLS, with a SIP user and its password, and call a standard number.");
        return text.ToString();
    }
}
