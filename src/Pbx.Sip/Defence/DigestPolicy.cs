using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Snapshot;
using Pbx.Sip.Authentication;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Defence;

/// <summary>
/// Which digest algorithms are offered and taken. A device is offered what it is set to and nothing else: many phones fail at the first challenge
/// that they do not understand. A name that does not exist is offered what some device is set to, always the same for the name and in the
/// proportions of the system, so that a challenge tells nobody whether the name exists.
/// </summary>
/// <param name="key">Decides what names that do not exist are offered; kept over restarts, for an answer that changes would tell.</param>
internal sealed class DigestPolicy(byte[] key)
{
    private const int KeyBytes = 32;

    // Counted once for each set of extensions, which snapshots share until one changes.
    private static readonly ConditionalWeakTable<object, Shares> Counted = [];

    /// <summary>The key in a file, made when there is none that can be used.</summary>
    public static byte[] KeyIn(string file)
    {
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: KeyBytes } kept) return kept;
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        DataDirectory.WriteAtomically(file, made);
        return made;
    }

    /// <summary>What is offered to the one that a request says it is from: by the credentials that it carries, else by From.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="request">The request.</param>
    /// <param name="realm">Our realm.</param>
    public IReadOnlyList<DigestAlgorithm> Offered(PbxSnapshot snapshot, SipRequest request, string realm) =>
        Offered(snapshot, DigestServer.UserNameOf(request, realm) ?? request.From.Uri.User);

    /// <summary>What is offered to a name: that of a device, or the number of an extension for all its devices.</summary>
    public IReadOnlyList<DigestAlgorithm> Offered(PbxSnapshot snapshot, string name)
    {
        // Worked out for names that exist too: the steps are the same for all.
        var decoy = Counted.GetValue(snapshot.Extensions, _ => Shares.Of(snapshot)).At(Place(name));
        var set = SetOf(snapshot, name);
        return Of(set == default ? decoy : set);
    }

    /// <summary>What is taken of a device: its own, and what is stronger.</summary>
    public static IReadOnlyList<DigestAlgorithm> Taken(DigestAlgorithms set) =>
        set.HasFlag(DigestAlgorithms.Md5) ? [DigestAlgorithm.Md5, DigestAlgorithm.Sha256] : [DigestAlgorithm.Sha256];

    private static DigestAlgorithms SetOf(PbxSnapshot snapshot, string name)
    {
        if (snapshot.DeviceUsers.TryGetValue(name, out var user) && snapshot.Extensions.TryGetValue(user.Extension, out var owner))
            return owner.Devices.Where(device => device.Key == user.Device).Select(device => device.Digest).FirstOrDefault();
        return snapshot.Numbers.TryGetValue(name, out var target) && snapshot.Find(target) is Extension extension
            ? extension.Devices.Aggregate(default(DigestAlgorithms), (all, device) => all | device.Digest)
            : default;
    }

    private double Place(string name)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash) / 4294967296.0;
    }

    private static IReadOnlyList<DigestAlgorithm> Of(DigestAlgorithms flags) => (flags.HasFlag(DigestAlgorithms.Md5), flags.HasFlag(DigestAlgorithms.Sha256)) switch
    {
        (true, true) => [DigestAlgorithm.Md5, DigestAlgorithm.Sha256],
        (false, true) => [DigestAlgorithm.Sha256],
        _ => [DigestAlgorithm.Md5],
    };

    /// <summary>How many of the system's devices are set to what, as places between 0 and 1.</summary>
    private sealed record Shares(ImmutableArray<(double UpTo, DigestAlgorithms Set)> Places)
    {
        public static Shares Of(PbxSnapshot snapshot)
        {
            List<DigestAlgorithms> sets = [.. snapshot.Extensions.Values.SelectMany(extension => extension.Devices).Select(device => device.Digest)];
            var sum = 0;
            return new([.. sets.GroupBy(set => set).OrderBy(group => group.Key).Select(group => ((sum += group.Count()) / (double)sets.Count, group.Key))]);
        }

        public DigestAlgorithms At(double place)
        {
            foreach (var (upTo, set) in Places)
                if (place < upTo) return set;
            return DigestAlgorithms.Md5;
        }
    }
}
