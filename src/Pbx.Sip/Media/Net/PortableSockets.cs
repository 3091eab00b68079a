using System.Net;
using System.Net.Sockets;

namespace Pbx.Sip.Media.Net;

/// <summary>Media sockets by the framework's own, wherever epoll is not to be had. Same behaviour, dearer.</summary>
internal sealed class PortableSockets : IMediaSockets
{
    private readonly IPAddress address;
    private readonly Lock gate = new();
    private readonly Stack<int> free = new();
    private readonly List<Socket> ready = [];
    private readonly Dictionary<Socket, int> tokens = [];
    private readonly Socket waker;
    private readonly Socket wakeSender;
    private readonly byte[] wakeBuffer = new byte[16];
    private readonly SocketAddress sender;
    private readonly SocketAddress target;
    private Socket?[] sockets = new Socket?[64];
    private int used;

    public PortableSockets(IPAddress bind)
    {
        address = bind;
        sender = new SocketAddress(bind.AddressFamily);
        target = new SocketAddress(bind.AddressFamily);
        waker = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        waker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        wakeSender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        wakeSender.Connect(waker.LocalEndPoint!);
    }

    public bool TryBind(int port, out int handle)
    {
        handle = -1;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException)
        {
            socket.Dispose(); // the port is taken: the caller tries another
            return false;
        }
        lock (gate)
        {
            if (!free.TryPop(out handle)) handle = used++;
            if (handle >= sockets.Length) Array.Resize(ref sockets, sockets.Length * 2);
            sockets[handle] = socket;
        }
        return true;
    }

    public void Abandon(int handle)
    {
        lock (gate)
        {
            sockets[handle]!.Dispose();
            sockets[handle] = null;
            free.Push(handle);
        }
    }

    public void Watch(int handle, int token) => tokens[Find(handle)] = token;

    public void Close(int handle)
    {
        tokens.Remove(Find(handle));
        Abandon(handle);
    }

    public int Wait(Span<int> found, int timeoutMilliseconds)
    {
        ready.Clear();
        ready.Add(waker);
        ready.AddRange(tokens.Keys);
        Socket.Select(ready, null, null, timeoutMilliseconds < 0 ? -1 : timeoutMilliseconds * 1000);
        var filled = 0;
        foreach (var socket in ready)
        {
            if (socket == waker) waker.Receive(wakeBuffer);
            else if (filled < found.Length) found[filled++] = tokens[socket];
        }
        return filled;
    }

    public int Receive(int handle, Span<byte> buffer, out PeerAddress from)
    {
        var socket = Find(handle);
        from = default;
        try
        {
            if (!socket.Poll(0, SelectMode.SelectRead)) return -1;
            var length = socket.ReceiveFrom(buffer, SocketFlags.None, sender);
            from = PeerAddress.Read(sender.Buffer.Span, address.AddressFamily);
            return length;
        }
        catch (SocketException)
        {
            return -1; // a report of an earlier datagram, or nothing there after all: the next wait tells
        }
    }

    public bool Send(int handle, ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        target.Size = target.Buffer.Length;
        var length = to.Write(target.Buffer.Span, address.AddressFamily);
        if (length == 0) return false;
        // The family's number differs between systems: only the framework knows it.
        if (!OperatingSystem.IsLinux()) new SocketAddress(address.AddressFamily).Buffer.Span[..2].CopyTo(target.Buffer.Span);
        try
        {
            return Find(handle).SendTo(datagram, SocketFlags.None, target) == datagram.Length;
        }
        catch (SocketException)
        {
            return false; // full buffer or unreachable: a loss like any other
        }
    }

    public void Wake()
    {
        try
        {
            wakeSender.Send([1]);
        }
        catch (ObjectDisposedException)
        {
            // a late command after the end: nobody waits any more
        }
    }

    public void Dispose()
    {
        waker.Dispose();
        wakeSender.Dispose();
    }

    private Socket Find(int handle)
    {
        lock (gate) return sockets[handle]!;
    }
}
