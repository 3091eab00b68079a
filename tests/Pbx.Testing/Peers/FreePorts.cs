using System.Net;
using System.Net.NetworkInformation;

namespace Pbx.Testing.Peers;

/// <summary>Ports nobody listens on now, never handed out twice by one process.</summary>
public static class FreePorts
{
    private const int First = 10000;

    /// <summary>Above it the system takes the ports of outgoing connections from, any time.</summary>
    private const int Last = 32700;

    // Each test process starts elsewhere, so that suites that run side by side do not meet.
    private static int next = First + Environment.ProcessId % 450 * 50;

    /// <summary>One port that is free for TCP and UDP.</summary>
    public static int Take() => TakeRange(1);

    /// <summary>The first of <paramref name="count"/> free ports in a row; even.</summary>
    public static int TakeRange(int count)
    {
        while (true)
        {
            var span = count + (count & 1);
            var first = Interlocked.Add(ref next, span) - span;
            if (first + count > Last)
            {
                Interlocked.Exchange(ref next, First);
                continue;
            }
            if ((first & 1) == 1) continue;
            var used = Used();
            if (Enumerable.Range(first, count).All(port => !used.Contains(port))) return first;
        }
    }

    private static HashSet<int> Used()
    {
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        IEnumerable<IPEndPoint> all = [.. properties.GetActiveTcpListeners(), .. properties.GetActiveUdpListeners()];
        return [.. all.Select(endPoint => endPoint.Port)];
    }
}
