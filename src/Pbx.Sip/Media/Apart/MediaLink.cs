using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pbx.Sip.Media.Net;

namespace Pbx.Sip.Media.Apart;

/// <summary>Takes a frame without its length. On the link's thread.</summary>
/// <param name="frame">The frame; lasts as long as the call.</param>
/// <param name="descriptors">Descriptors that came along; those that belong to the frame are taken out.</param>
internal delegate void FrameTaker(ReadOnlySpan<byte> frame, Queue<int> descriptors);

/// <summary>
/// Frames to another process and from it. Whoever sends never waits: what the system takes at once is on its way, and the rest gathers in memory, from
/// where a thread sends it. Another thread takes what comes. All frames arrive, in the order in which they were begun.
/// </summary>
internal sealed class MediaLink : IDisposable
{
    // The other end has not read for very long when so much waits: it is stuck, and will be ended.
    private const int TooMuch = 64 << 20;

    private readonly object gate = new();
    private readonly LinkSocket socket;
    private readonly string name;
    private FrameBuffer gathering = new();
    private FrameBuffer sending = new();
    private List<int> descriptors = [];
    private List<int> leaving = [];
    private List<int> cuts = [];
    private List<int> leavingCuts = [];
    private Thread? sender;
    private bool sleeping;
    private bool closed;

    /// <summary>Over a connected socket, which it owns.</summary>
    public MediaLink(int descriptor, string name)
    {
        socket = new LinkSocket(descriptor);
        this.name = name;
    }

    /// <summary>Bytes that nobody has sent yet.</summary>
    public int Waiting
    {
        get { lock (gate) return gathering.Length; }
    }

    /// <summary>Starts both threads.</summary>
    /// <param name="take">Takes each frame.</param>
    /// <param name="ended">Called once, on the taking thread, when the other end is gone or this one was closed.</param>
    public void Start(FrameTaker take, Action ended)
    {
        sender = new Thread(Send) { IsBackground = true, Name = name + "-out" };
        sender.Start();
        new Thread(() => Receive(take, ended)) { IsBackground = true, Name = name + "-in" }.Start();
    }

    /// <summary>Begins a frame; it is sent once it is disposed of. Nobody else writes meanwhile, so its fields are only copied.</summary>
    public OpenFrame Begin(FrameKind kind, int leg = 0)
    {
        Monitor.Enter(gate);
        gathering.Begin(kind, leg);
        return new OpenFrame(this, gathering);
    }

    /// <summary>Ends it at once, for the other end does not answer: what waits is lost.</summary>
    public void Cut()
    {
        lock (gate) closed = true;
        socket.ShutDown();
    }

    /// <summary>Sends what waits, then nothing more; the other end sees the end.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }
        if (sender is null) socket.ShutDown();
        else if (Thread.CurrentThread != sender) sender.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        socket.ShutDown();
        if (sender is not null) return; // the thread that receives lets go of the rest
        foreach (var each in descriptors) Libc.close(each);
        descriptors.Clear();
        socket.Dispose();
    }

    private void End(bool withDescriptors)
    {
        gathering.End();
        if (closed) gathering.Drop();
        else if (gathering.Length > TooMuch) GiveUp();
        // What came with one frame must be there when the frame is read, so no piece may bring more than can travel at once.
        if (withDescriptors && descriptors.Count - (LinkSocket.MostDescriptors * cuts.Count) >= LinkSocket.MostDescriptors) cuts.Add(gathering.Length);
        if (sleeping && !closed && cuts.Count == 0) SendNow();
        if (sleeping && gathering.Length > 0) Monitor.Pulse(gate);
        Monitor.Exit(gate);
    }

    // The thread that sends sleeps, so nothing waits but this frame: a hop to that thread would cost more than the call. Where it fails, that thread sees to it.
    private void SendNow()
    {
        var sent = socket.TrySend(gathering.Written, CollectionsMarshal.AsSpan(descriptors));
        if (sent == 0) return;
        foreach (var each in descriptors) _ = Libc.close(each);
        descriptors.Clear();
        gathering.Skip(sent);
    }

    private void GiveUp()
    {
        closed = true;
        socket.ShutDown();
    }

    private void Send()
    {
        while (Gather())
        {
            var from = 0;
            for (var piece = 0; piece <= leavingCuts.Count; piece++)
            {
                var to = piece < leavingCuts.Count ? leavingCuts[piece] : sending.Length;
                if (to > from && !socket.Send(sending.Written[from..to], DescriptorsOf(piece)))
                {
                    lock (gate) closed = true;
                }
                from = to;
            }
            foreach (var each in leaving) Libc.close(each);
        }
        socket.ShutDown();
    }

    private ReadOnlySpan<int> DescriptorsOf(int piece)
    {
        var first = Math.Min(piece * LinkSocket.MostDescriptors, leaving.Count);
        return CollectionsMarshal.AsSpan(leaving).Slice(first, Math.Min(LinkSocket.MostDescriptors, leaving.Count - first));
    }

    /// <summary>Waits for something to send; false when there will be nothing.</summary>
    private bool Gather()
    {
        sending.Clear();
        leaving.Clear();
        leavingCuts.Clear();
        lock (gate)
        {
            sleeping = true;
            while (gathering.Length == 0 && !closed) Monitor.Wait(gate);
            sleeping = false;
            (gathering, sending) = (sending, gathering);
            (descriptors, leaving) = (leaving, descriptors);
            (cuts, leavingCuts) = (leavingCuts, cuts);
            return sending.Length > 0;
        }
    }

    private void Receive(FrameTaker take, Action ended)
    {
        var buffer = new byte[64 << 10];
        var came = new Queue<int>();
        var filled = 0;
        try
        {
            while (socket.Receive(buffer.AsSpan(filled), came) is > 0 and var count)
            {
                filled += count;
                var used = TakeWhole(buffer.AsSpan(0, filled), take, came);
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2); // one frame that is longer
            }
        }
        finally
        {
            while (came.TryDequeue(out var left)) Libc.close(left);
            socket.ShutDown();
            ended();
            Close();
            socket.Dispose();
        }
    }

    private static int TakeWhole(ReadOnlySpan<byte> bytes, FrameTaker take, Queue<int> came)
    {
        var used = 0;
        while (bytes.Length - used >= 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes[used..]) is var length && bytes.Length - used - 4 >= length)
        {
            take(bytes.Slice(used + 4, length), came);
            used += 4 + length;
        }
        return used;
    }

    /// <summary>A frame that is being written.</summary>
    internal ref struct OpenFrame(MediaLink link, FrameBuffer fields)
    {
        private bool withDescriptors;

        /// <summary>Its fields.</summary>
        public FrameBuffer Fields => fields;

        /// <summary>Sends two descriptors along. They are the link's now, which closes them once they are sent.</summary>
        public void Bring(int first, int second)
        {
            if (link.closed)
            {
                _ = Libc.close(first);
                _ = Libc.close(second);
                return;
            }
            link.descriptors.Add(first);
            link.descriptors.Add(second);
            withDescriptors = true;
        }

        /// <summary>Ends the frame.</summary>
        public void Dispose() => link.End(withDescriptors);
    }
}
