using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pbx.Sip.Scheduling;

/// <summary>
/// Makes the identifiers that our peers send back to us, each carrying the number of the shard it belongs to: whatever socket or
/// connection a later message arrives on, it finds its shard. The rest is random from a cryptographic source (RFC 3261 section 19.3), so
/// that a stranger cannot guess a dialog.
/// </summary>
internal sealed class ShardIds(int shard)
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Cookie = "z9hG4bK";
    private const char Mark = 'p';
    private const int RandomBytes = 12;
    private const int Length = 3 + RandomBytes * 2;

    /// <summary>Most shards that an identifier can name.</summary>
    public const int MaxShards = 36 * 36;

    /// <summary>A From or To tag.</summary>
    public string NewTag() => New("");

    /// <summary>A Via branch with the cookie of RFC 3261 section 8.1.1.7.</summary>
    public string NewBranch() => New(Cookie);

    /// <summary>A Call-ID.</summary>
    public string NewCallId() => New("");

    /// <summary>The shard number in a tag or Call-ID of ours; -1 when it is not one of ours.</summary>
    public static int ShardOf(ReadOnlySpan<char> id)
    {
        if (id.Length != Length || id[0] != Mark) return -1;
        var high = Digits.IndexOf(id[1], StringComparison.Ordinal);
        var low = Digits.IndexOf(id[2], StringComparison.Ordinal);
        return high < 0 || low < 0 || id[3..].ContainsAnyExcept(HexDigits) ? -1 : high * 36 + low;
    }

    /// <summary>The shard number in a branch of ours; -1 when it is not one of ours.</summary>
    public static int ShardOfBranch(ReadOnlySpan<char> branch) =>
        branch.StartsWith(Cookie, StringComparison.Ordinal) ? ShardOf(branch[Cookie.Length..]) : -1;

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    private string New(string prefix) => string.Create(prefix.Length + Length, (prefix, shard), static (target, s) =>
    {
        s.prefix.CopyTo(target);
        target = target[s.prefix.Length..];
        (target[0], target[1], target[2]) = (Mark, Digits[s.shard / 36], Digits[s.shard % 36]);
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        for (var i = 0; i < RandomBytes / 4; i++)
            BinaryPrimitives.ReadUInt32LittleEndian(random[(i * 4)..]).TryFormat(target.Slice(3 + i * 8, 8), out _, "x8", null);
    });
}
