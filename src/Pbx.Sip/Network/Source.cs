using System.Net;
using System.Net.Sockets;

namespace Pbx.Sip.Network;

/// <summary>
/// Where something comes from, as it is counted, given its share and banned: an IPv4 address, or the network of 64 bits that one IPv6 subscriber has.
/// </summary>
public readonly record struct Source
{
    private readonly UInt128 bits;
    private readonly bool isV6;

    private Source(UInt128 bits, bool isV6) => (this.bits, this.isV6) = (bits, isV6);

    /// <summary>The source of an address.</summary>
    public static Source Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[..length]), false);
        return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes) >> 64, true);
    }

    /// <summary>Reads the written form.</summary>
    public static Source? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address) ? Of(address) : null;
    }

    /// <summary><c>203.0.113.7</c> or <c>2001:db8:1:2::/64</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!isV6)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)bits);
            return new IPAddress(bytes[..4]).ToString();
        }
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, bits << 64);
        return $"{new IPAddress(bytes)}/64";
    }
}
