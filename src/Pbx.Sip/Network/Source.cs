using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pbx.Sip.Network;

/// <summary>
/// Where something comes from, as it is counted, given its share and banned: an IPv4 address, or the network of 64 bits that one IPv6 subscriber has. Within a local network
/// (RFC 4291 section 2.5.6, RFC 4193) it is the address: the network is everybody's there.
/// </summary>
public readonly record struct Source
{
    private readonly UInt128 bits;
    private readonly byte length;

    private Source(UInt128 bits, byte length) => (this.bits, this.length) = (bits, length);

    /// <summary>The source of an address.</summary>
    public static Source Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        if (address.AddressFamily == AddressFamily.InterNetwork) return new(BinaryPrimitives.ReadUInt32BigEndian(bytes[..written]), 32);
        var whole = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal ? new(whole, 128) : new(whole >> 64 << 64, 64);
    }

    /// <summary>Reads the written form.</summary>
    public static Source? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address) ? Of(address) : null;
    }

    /// <summary><c>203.0.113.7</c>, <c>2001:db8:1:2::/64</c> or <c>fd00::7</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (length == 32)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)bits);
            return new IPAddress(bytes[..4]).ToString();
        }
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return length == 64 ? $"{new IPAddress(bytes)}/64" : new IPAddress(bytes).ToString();
    }
}
