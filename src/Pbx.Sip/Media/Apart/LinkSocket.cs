using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pbx.Sip.Media.Net;

namespace Pbx.Sip.Media.Apart;

/// <summary>
/// One end of a pair of connected sockets within the machine (unix(7)), over which descriptors travel along with bytes: each arrives no later than
/// the bytes that it was sent with, in order. 64-bit Linux only.
/// </summary>
internal sealed unsafe class LinkSocket(int descriptor) : IDisposable
{
    /// <summary>Descriptors that can travel at once (SCM_MAX_FD).</summary>
    public const int MostDescriptors = 250;

    private const int ControlHeader = 16;
    private const int ControlRoom = ControlHeader + (256 * sizeof(int));

    private readonly Lock ending = new();
    private int descriptor = descriptor;

    /// <summary>True where there are such sockets.</summary>
    public static bool IsSupported { get; } = EpollSockets.IsSupported && Environment.Is64BitProcess;

    /// <summary>Makes a pair. Neither end is inherited by processes that are started meanwhile.</summary>
    public static (int Ours, int Theirs) Pair()
    {
        var pair = stackalloc int[2];
        if (Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, pair) != 0) throw new SocketException(Marshal.GetLastPInvokeError());
        return (pair[0], pair[1]);
    }

    /// <summary>Sends all of it, waiting where it must; false when the other end is gone.</summary>
    public bool Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        fixed (byte* first = bytes)
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                var count = SendOnce(first + sent, bytes.Length - sent, sent == 0 ? descriptors : [], 0);
                if (count > 0) sent += (int)count;
                else if (Marshal.GetLastPInvokeError() != Libc.EINTR) return false;
            }
        }
        return true;
    }

    /// <summary>Sends what the system takes at once, with all descriptors: how many bytes; 0: nothing.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> descriptors)
    {
        fixed (byte* first = bytes) return (int)Math.Max(0, SendOnce(first, bytes.Length, descriptors, Libc.MSG_DONTWAIT));
    }

    /// <summary>Waits for bytes; 0 when there will be none. Descriptors that came along are added to the queue.</summary>
    public int Receive(Span<byte> buffer, Queue<int> descriptors)
    {
        var control = stackalloc byte[ControlRoom];
        fixed (byte* first = buffer)
        {
            while (true)
            {
                var part = new Libc.IoVector { Base = first, Length = (nuint)buffer.Length };
                var message = new Libc.MessageHeader { Parts = &part, PartCount = 1, Control = control, ControlLength = ControlRoom };
                var count = Libc.recvmsg(descriptor, &message, Libc.MSG_CMSG_CLOEXEC);
                if (count < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR) continue;
                if (count > 0) Take(control, message.ControlLength, descriptors);
                // Some found no room in this process: what follows would get the sockets of others.
                return (message.Flags & Libc.MSG_CTRUNC) != 0 ? 0 : (int)Math.Max(0, count);
            }
        }
    }

    /// <summary>Ends what goes on at both ends.</summary>
    public void ShutDown()
    {
        lock (ending) _ = Libc.shutdown(descriptor, Libc.SHUT_RDWR);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (ending)
        {
            if (descriptor >= 0) _ = Libc.close(descriptor);
            descriptor = -1;
        }
    }

    private nint SendOnce(byte* bytes, int length, ReadOnlySpan<int> descriptors, int flags)
    {
        var part = new Libc.IoVector { Base = bytes, Length = (nuint)length };
        var message = new Libc.MessageHeader { Parts = &part, PartCount = 1 };
        var control = stackalloc byte[ControlRoom];
        if (descriptors.Length > 0)
        {
            // cmsghdr: its length (8 bytes), level, type, then the descriptors.
            var size = ControlHeader + (descriptors.Length * sizeof(int));
            *(nuint*)control = (nuint)size;
            *(int*)(control + 8) = Libc.SOL_SOCKET;
            *(int*)(control + 12) = Libc.SCM_RIGHTS;
            descriptors.CopyTo(new Span<int>(control + ControlHeader, descriptors.Length));
            message.Control = control;
            message.ControlLength = (nuint)((size + 7) & ~7);
        }
        return Libc.sendmsg(descriptor, &message, Libc.MSG_NOSIGNAL | flags);
    }

    private static void Take(byte* control, nuint length, Queue<int> descriptors)
    {
        for (nuint at = 0; at + ControlHeader <= length;)
        {
            var size = *(nuint*)(control + at);
            if (size < ControlHeader || at + size > length) return;
            if (*(int*)(control + at + 8) == Libc.SOL_SOCKET && *(int*)(control + at + 12) == Libc.SCM_RIGHTS)
                foreach (var each in new ReadOnlySpan<int>(control + at + ControlHeader, (int)(size - ControlHeader) / sizeof(int))) descriptors.Enqueue(each);
            at += (size + 7) & ~(nuint)7;
        }
    }
}
