using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pbx.Sip.Media.Net;

/// <summary>Where a datagram comes from or goes to, as a value that costs no garbage: the address as IPv6 (IPv4 mapped), the port, the scope.</summary>
internal readonly record struct PeerAddress(ulong High, ulong Low, ushort Port, uint Scope)
{
    private const ulong Mapped = 0x0000_FFFF_0000_0000;

    /// <summary>True for an IPv4 address.</summary>
    public bool IsV4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == Mapped;

    /// <summary>True when nothing may be sent there: no port, or the any-address (a hold of the old kind, RFC 3264 section 8.4).</summary>
    public bool IsNowhere => Port == 0 || (High == 0 && (Low == Mapped || Low == 0));

    /// <summary>
    /// True for what means something only to the host or link that says it, or no single host at all: loopback, link-local, multicast, broadcast.
    /// </summary>
    public bool IsLocalOnly => IsV4
        ? (uint)Low >> 24 is 127 or >= 224 || (uint)Low >> 16 == 0xA9FE
        : (High == 0 && Low == 1) || High >> 54 == 0xFE80 >> 6 || High >> 56 == 0xFF;

    /// <summary>
    /// True when a far end whose signalling comes from there cannot be here: what is no single host nobody is at, and what only the sender's own
    /// host or link knows is only for a peer on it.
    /// </summary>
    public bool IsAstray(in PeerAddress signalling) => IsManyHosts || (IsLocalOnly && signalling != default && !signalling.IsLocalOnly);

    private bool IsManyHosts => IsV4 ? (uint)Low >> 24 >= 224 : High >> 56 == 0xFF;

    /// <summary>The same host at another port.</summary>
    public PeerAddress At(int port) => this with { Port = (ushort)port };

    /// <summary>True when both are the same host.</summary>
    public bool IsSameHost(in PeerAddress other) => High == other.High && Low == other.Low;

    /// <summary>An IPv4 address, in host order.</summary>
    public static PeerAddress V4(uint address, ushort port) => new(0, Mapped | address, port, 0);

    /// <summary>From an endpoint of the framework.</summary>
    public static PeerAddress From(IPEndPoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endpoint.Address.TryWriteBytes(bytes, out var length);
        if (length == 4) return V4(BinaryPrimitives.ReadUInt32BigEndian(bytes), (ushort)endpoint.Port);
        return new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), (ushort)endpoint.Port,
            (uint)endpoint.Address.ScopeId);
    }

    /// <summary>As an endpoint of the framework.</summary>
    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return IsV4 ? new(new IPAddress(bytes[12..]), Port) : new(new IPAddress(bytes, Scope), Port);
    }

    /// <inheritdoc/>
    public override string ToString() => ToEndPoint().ToString();

    /// <summary>Writes the kernel's form (<c>sockaddr_in</c> or <c>sockaddr_in6</c>) and returns its length; 0 when the family cannot carry it.</summary>
    public int Write(Span<byte> sockaddr, AddressFamily family)
    {
        if (family == AddressFamily.InterNetwork)
        {
            if (!IsV4) return 0;
            BitConverter.TryWriteBytes(sockaddr, SockaddrFamily.V4);
            BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], Port);
            BinaryPrimitives.WriteUInt32BigEndian(sockaddr[4..], (uint)Low);
            sockaddr[8..16].Clear();
            return 16;
        }
        BitConverter.TryWriteBytes(sockaddr, SockaddrFamily.V6);
        BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], Port);
        sockaddr[4..8].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(sockaddr[8..], High);
        BinaryPrimitives.WriteUInt64BigEndian(sockaddr[16..], Low);
        BitConverter.TryWriteBytes(sockaddr[24..], Scope);
        return 28;
    }

    /// <summary>Reads the kernel's form.</summary>
    public static PeerAddress Read(ReadOnlySpan<byte> sockaddr, AddressFamily family)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        if (family == AddressFamily.InterNetwork) return V4(BinaryPrimitives.ReadUInt32BigEndian(sockaddr[4..]), port);
        return new(BinaryPrimitives.ReadUInt64BigEndian(sockaddr[8..]), BinaryPrimitives.ReadUInt64BigEndian(sockaddr[16..]), port,
            BitConverter.ToUInt32(sockaddr[24..]));
    }
}

/// <summary>The kernel's numbers of the address families.</summary>
internal static class SockaddrFamily
{
    /// <summary>AF_INET.</summary>
    public const ushort V4 = 2;

    /// <summary>AF_INET6 on Linux.</summary>
    public const ushort V6 = 10;
}
