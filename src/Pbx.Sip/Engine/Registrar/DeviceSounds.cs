using System.Collections.Concurrent;
using Pbx.Core.Snapshot;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// How the sound of each device was encrypted in its last call since the start of this process: what a registration does not tell of a
/// phone. From any thread.
/// </summary>
/// <param name="changed">Told of an extension of whose device something else is known than before.</param>
internal sealed class DeviceSounds(Action<string> changed)
{
    private readonly ConcurrentDictionary<(string Extension, string Device), string> last = new();

    /// <summary>Where the keys of its sound came from and their suite, empty in clear; null: not known yet.</summary>
    public string? Of(string extension, string device) => last.GetValueOrDefault((extension, device));

    /// <summary>A device has talked.</summary>
    public void Add(string extension, string device, string keys)
    {
        if (Of(extension, device) == keys) return;
        last[(extension, device)] = keys;
        changed(extension);
    }

    /// <summary>Forgets devices that are gone.</summary>
    public void Prune(PbxSnapshot snapshot)
    {
        foreach (var (extension, device) in last.Keys)
            if (!snapshot.Extensions.TryGetValue(extension, out var found) || found.Devices.All(each => each.Key != device))
                last.TryRemove((extension, device), out _);
    }
}
