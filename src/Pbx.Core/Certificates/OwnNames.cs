using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Pbx.Core.Certificates;

/// <summary>The names by which this machine is reached that nobody needs to set: its host name, its IPv4 addresses, and itself.</summary>
internal static class OwnNames
{
    /// <summary>Finds them. IPv6 addresses change by themselves day by day: those are set by a person where they are wanted.</summary>
    public static IReadOnlyList<string> Find()
    {
        List<string> names = [Environment.MachineName.ToLowerInvariant(), "localhost", "127.0.0.1"];
        try
        {
            foreach (var network in NetworkInterface.GetAllNetworkInterfaces().Where(n => n.OperationalStatus == OperationalStatus.Up))
                names.AddRange(network.GetIPProperties().UnicastAddresses.Select(a => a.Address)
                    .Where(a => a.AddressFamily == AddressFamily.InterNetwork).Select(a => a.ToString()));
        }
        catch (NetworkInformationException)
        {
            // Not told by this system: what is set by hand remains.
        }
        return [.. names.Where(IsName).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>True for a host name or an address.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 253 && text.All(char.IsAscii)
        && Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
