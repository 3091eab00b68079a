using System.Net;
using System.Net.Sockets;

namespace Pbx.Sip.Media.Net;

/// <summary>Makes sockets as plain descriptors, marked as sound for the network. Linux only.</summary>
internal sealed unsafe class DescriptorPorts(IPAddress bind) : IPortSockets
{
    private const int ExpeditedForwarding = 0xB8;

    private readonly AddressFamily family = bind.AddressFamily;

    /// <inheritdoc/>
    public bool TryBind(int port, out int handle)
    {
        var kernelFamily = family == AddressFamily.InterNetwork ? SockaddrFamily.V4 : SockaddrFamily.V6;
        handle = Libc.socket(kernelFamily, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (handle < 0) return false;
        SetOptions(handle);
        var sockaddr = stackalloc byte[28];
        var length = PeerAddress.From(new IPEndPoint(bind, port)).Write(new Span<byte>(sockaddr, 28), family);
        if (Libc.bind(handle, sockaddr, (uint)length) == 0) return true;
        Libc.close(handle);
        handle = -1;
        return false;
    }

    /// <inheritdoc/>
    public void Abandon(int handle) => Libc.close(handle);

    private void SetOptions(int handle)
    {
        var off = 0;
        var service = ExpeditedForwarding;
        if (family == AddressFamily.InterNetworkV6)
        {
            Libc.setsockopt(handle, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, &off, sizeof(int));
            Libc.setsockopt(handle, Libc.IPPROTO_IPV6, Libc.IPV6_TCLASS, &service, sizeof(int));
        }
        Libc.setsockopt(handle, Libc.IPPROTO_IP, Libc.IP_TOS, &service, sizeof(int));
    }
}
