using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Sip.Network;

namespace Pbx.Sip.Engine;

/// <summary>
/// How many calls one extension and one source of devices (an address, or an IPv6 network) may have and begin. Providers are limited by their trunk's own setting. From any
/// thread.
/// </summary>
/// <param name="perExtension">Calls at once that one extension may have begun.</param>
/// <param name="perAddress">Calls at once from one source.</param>
/// <param name="perMinute">Calls that one extension may begin in a minute.</param>
internal sealed class CallLimits(int perExtension, int perAddress, int perMinute)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, (string Extension, Source Source)> calls = [];
    private readonly Dictionary<string, int> byExtension = new(StringComparer.Ordinal);
    private readonly Dictionary<Source, int> bySource = [];
    private readonly Dictionary<string, (long Minute, int Count)> begun = new(StringComparer.Ordinal);

    /// <summary>As delivered.</summary>
    public static CallLimits Standard => new(20, 500, 60);

    /// <summary>Takes a call in; false when that would be one too many.</summary>
    public bool TryBegin(Guid call, CallOrigin origin, IPAddress address, DateTimeOffset now)
    {
        if (origin is not CallOrigin.FromExtension { Extension: var extension }) return true;
        var source = Source.Of(address);
        var minute = now.ToUnixTimeSeconds() / 60;
        lock (gate)
        {
            var started = begun.GetValueOrDefault(extension) is var last && last.Minute == minute ? last.Count : 0;
            if (started >= perMinute || byExtension.GetValueOrDefault(extension) >= perExtension || bySource.GetValueOrDefault(source) >= perAddress) return false;
            begun[extension] = (minute, started + 1);
            byExtension[extension] = byExtension.GetValueOrDefault(extension) + 1;
            bySource[source] = bySource.GetValueOrDefault(source) + 1;
            calls[call] = (extension, source);
        }
        return true;
    }

    /// <summary>A call is over.</summary>
    public void Ended(Guid call)
    {
        lock (gate)
        {
            if (!calls.Remove(call, out var known)) return;
            Less(byExtension, known.Extension);
            Less(bySource, known.Source);
        }
    }

    private static void Less<T>(Dictionary<T, int> counts, T key) where T : notnull
    {
        var left = counts.GetValueOrDefault(key) - 1;
        if (left > 0) counts[key] = left;
        else counts.Remove(key);
    }
}
