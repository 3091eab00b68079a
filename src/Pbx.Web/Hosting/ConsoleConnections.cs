using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Pbx.Sip.Network;

namespace Pbx.Web.Hosting;

/// <summary>
/// How many connections to the console's ports there are in all and of one source, the handshake not yet begun included: whoever opens thousands
/// and says nothing takes neither the descriptors of the phones nor the places of other browsers.
/// </summary>
internal sealed partial class ConsoleConnections(int mostOfASource, ILogger<ConsoleConnections> logger)
{
    private readonly Dictionary<Source, int> open = [];
    private readonly HashSet<Source> refused = [];
    private readonly Lock gate = new();

    /// <summary>Counts each connection of each port, and ends those beyond the limits.</summary>
    public static void Limit(KestrelServerOptions kestrel, BootOptions options)
    {
        kestrel.Limits.MaxConcurrentConnections = options.HttpConnections;
        var connections = new ConsoleConnections(options.HttpConnectionsPerAddress, kestrel.ApplicationServices.GetRequiredService<ILogger<ConsoleConnections>>());
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => connections.ServeAsync(connection, next)));
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var source = Source.Of(connection.RemoteEndPoint is IPEndPoint { Address: var remote } ? remote : IPAddress.None);
        if (!TryEnter(source))
        {
            connection.Abort();
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(source);
        }
    }

    private bool TryEnter(Source source)
    {
        bool isFirst;
        lock (gate)
        {
            var count = open.GetValueOrDefault(source);
            if (count < mostOfASource)
            {
                open[source] = count + 1;
                return true;
            }
            isFirst = refused.Add(source);
        }
        if (isFirst) LogRefused(logger, source, mostOfASource);
        return false;
    }

    private void Leave(Source source)
    {
        lock (gate)
        {
            if (--open[source] > 0) return;
            open.Remove(source);
            refused.Remove(source);
        }
    }

    [LoggerMessage(4103, LogLevel.Warning, "{Source} has {Most} connections to the console; those beyond are refused.")]
    private static partial void LogRefused(ILogger logger, Source source, int most);
}
