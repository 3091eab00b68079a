using System.Net;

namespace Pbx.Sip.Hosting;

/// <summary>Reads a name server as settings write it.</summary>
internal static class DnsServer
{
    private const int DefaultPort = 53;

    /// <summary>An address, with a port or without; null when it is neither.</summary>
    public static IPEndPoint? Parse(string text) => !IPEndPoint.TryParse(text, out var server) ? null
        : server.Port == 0 ? new IPEndPoint(server.Address, DefaultPort)
        : server;
}
