using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Pbx.Web.Hosting;

/// <summary>
/// How many connections to the console's ports there are in all and of one address, the handshake not yet begun included: whoever opens thousands
/// and says nothing takes neither the descriptors of the phones nor the places of other browsers.
/// </summary>
internal sealed partial class ConsoleConnections(int mostOfAnAddress, ILogger<ConsoleConnections> logger)
{
    private readonly Dictionary<IPAddress, int> open = [];
    private readonly HashSet<IPAddress> refused = [];
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
        var address = connection.RemoteEndPoint is IPEndPoint { Address: var remote } ? remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote : IPAddress.None;
        if (!TryEnter(address))
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
            Leave(address);
        }
    }

    private bool TryEnter(IPAddress address)
    {
        bool isFirst;
        lock (gate)
        {
            var count = open.GetValueOrDefault(address);
            if (count < mostOfAnAddress)
            {
                open[address] = count + 1;
                return true;
            }
            isFirst = refused.Add(address);
        }
        if (isFirst) LogRefused(logger, address, mostOfAnAddress);
        return false;
    }

    private void Leave(IPAddress address)
    {
        lock (gate)
        {
            if (--open[address] > 0) return;
            open.Remove(address);
            refused.Remove(address);
        }
    }

    [LoggerMessage(4103, LogLevel.Warning, "{Address} has {Most} connections to the console; those beyond are refused.")]
    private static partial void LogRefused(ILogger logger, IPAddress address, int most);
}
