using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pbx.Sip.Media.Net;

/// <summary>Media sockets by epoll and plain system calls: half the cost of the framework's sockets. Linux only.</summary>
internal sealed unsafe class EpollSockets : IMediaSockets
{
    private const int MaxEvents = 128;
    private const int WakeToken = -1;

    /// <summary>Before what computes, but not before the kernel's own threads.</summary>
    private const int Preference = -10;

    private static readonly EpollEventLayout Layout = EpollEventLayout.Of(RuntimeInformation.ProcessArchitecture);
    private readonly DescriptorPorts ports;
    private readonly AddressFamily family;
    private readonly int epoll;
    private volatile int wake;
    private readonly byte[] events = GC.AllocateArray<byte>(MaxEvents * 16, pinned: true);

    public EpollSockets(IPAddress bind)
    {
        ports = new DescriptorPorts(bind);
        family = bind.AddressFamily;
        epoll = Libc.epoll_create1(Libc.EPOLL_CLOEXEC);
        if (epoll < 0) throw new SocketException(Marshal.GetLastPInvokeError());
        wake = Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        Control(Libc.EPOLL_CTL_ADD, wake, WakeToken);
    }

    /// <summary>True where these calls are to be had.</summary>
    public static bool IsSupported { get; } = Probe();

    public bool TryBind(int port, out int handle) => ports.TryBind(port, out handle);

    public void Abandon(int handle) => ports.Abandon(handle);

    public void Watch(int handle, int token) => Control(Libc.EPOLL_CTL_ADD, handle, token);

    public void Close(int handle)
    {
        Control(Libc.EPOLL_CTL_DEL, handle, 0);
        Libc.close(handle);
    }

    public int Wait(Span<int> tokens, int timeoutMilliseconds)
    {
        int count;
        fixed (byte* first = events) count = Libc.epoll_wait(epoll, first, Math.Min(MaxEvents, tokens.Length), timeoutMilliseconds);
        var filled = 0;
        for (var i = 0; i < count; i++)
        {
            var token = BitConverter.ToInt32(events, (i * Layout.Size) + Layout.Data);
            if (token == WakeToken) DrainWake();
            else tokens[filled++] = token;
        }
        return filled; // a negative count is EINTR: the loop looks at its clock and waits again
    }

    public int Receive(int handle, Span<byte> buffer, out PeerAddress from)
    {
        var sockaddr = stackalloc byte[28];
        while (true)
        {
            uint length = 28;
            nint received;
            fixed (byte* first = buffer) received = Libc.recvfrom(handle, first, (nuint)buffer.Length, 0, sockaddr, &length);
            if (received >= 0)
            {
                from = PeerAddress.Read(new ReadOnlySpan<byte>(sockaddr, 28), family);
                return (int)received;
            }
            // ECONNREFUSED is the report of a datagram of ours that nobody wanted; it says nothing of those that wait.
            if (Marshal.GetLastPInvokeError() is Libc.EINTR or Libc.ECONNREFUSED) continue;
            from = default;
            return -1;
        }
    }

    public bool Send(int handle, ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        var sockaddr = stackalloc byte[28];
        var length = to.Write(new Span<byte>(sockaddr, 28), family);
        if (length == 0) return false;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            nint sent;
            fixed (byte* first = datagram) sent = Libc.sendto(handle, first, (nuint)datagram.Length, 0, sockaddr, (uint)length);
            if (sent >= 0) return true;
            // The first may report the fate of an earlier datagram, and then this one was not sent yet.
            if (Marshal.GetLastPInvokeError() is not (Libc.EINTR or Libc.ECONNREFUSED)) return false;
        }
        return false;
    }

    public void Wake()
    {
        var one = 1UL;
        if (wake >= 0) _ = Libc.write(wake, &one, 8);
    }

    // Sound is late when its thread has to wait for a core. Who may not ask (a container, a plain user) has it as it was.
    public void PreferThisThread() => _ = Libc.setpriority(Libc.PRIO_PROCESS, (uint)Libc.gettid(), Preference);

    public void Dispose()
    {
        var descriptor = wake;
        wake = -1; // a late command must not write into what gets this number next
        Libc.close(descriptor);
        Libc.close(epoll);
    }

    private void DrainWake()
    {
        ulong count;
        _ = Libc.read(wake, &count, 8);
    }

    private void Control(int operation, int descriptor, int token)
    {
        var change = stackalloc byte[16];
        *(uint*)change = Libc.EPOLLIN;
        *(long*)(change + Layout.Data) = (uint)token;
        Libc.epoll_ctl(epoll, operation, descriptor, change);
    }

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var descriptor = Libc.epoll_create1(Libc.EPOLL_CLOEXEC);
            return descriptor >= 0 && Libc.close(descriptor) == 0;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // another C library than the one named: the portable sockets do
        }
    }
}
