using System.Collections.Concurrent;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Media;

/// <summary>
/// One thread that owns legs and their sockets. It waits for datagrams and, every 5 ms, serves the legs whose turn it is: each leg every 20 ms,
/// the legs spread over four turns. Deadlines are absolute, so that lateness does not add up.
/// </summary>
internal sealed class MediaLoop
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10), LongestCrowd = TimeSpan.FromSeconds(1);
    private const int Turns = 4;
    private const long TurnMicroseconds = 5_000;
    private const long TooLate = 500_000;

    /// <summary>
    /// How many datagrams are read from a socket that has some. As a rule it has one, and asking whether there is another would be a system call for
    /// nothing: the next wait tells. Only where the loop is late do they stand in a row.
    /// </summary>
    private const int DatagramsAtOnce = 1, DatagramsWhenLate = 32;
    private const int CommandsAtOnce = 256;

    private readonly ConcurrentQueue<(LegStream Leg, MediaCommand Command)> commands = new();
    private readonly List<LegStream>[] turns = [.. Enumerable.Range(0, Turns).Select(_ => new List<LegStream>())];
    private readonly Stack<int> freeIndices = new();
    private readonly byte[][] silence = [.. Enum.GetValues<AudioCodec>().Skip(1).Select(FrameEncoder.Silence)];
    private readonly byte[] receiveBuffer = GC.AllocateArray<byte>(2048, pinned: true);
    private readonly TimeProvider time;
    private readonly long started;
    private readonly DateTimeOffset startedAt;
    private readonly Action<int> portFree;
    private readonly Action<Exception> faulted;
    private readonly Thread thread;
    private LegStream?[] legs = new LegStream?[64];
    private readonly object room = new();
    private int waiting;
    private volatile bool stopping;
    private volatile bool crowded;
    private int pending;
    private int unfinished;
    private long received;
    private long sent;
    private long lateTicks;
    private long worstLateness;
    private long nextTurn;
    private long dropped;
    private int legCount;
    private int turn;
    private bool late;

    public MediaLoop(int number, MediaOptions options, IMediaSockets sockets, Action<int> portFree, RecordingWriter writer, TimeProvider time,
        Action<Exception> faulted)
    {
        (Options, Sockets, this.portFree, Writer, this.time, this.faulted) = (options, sockets, portFree, writer, time, faulted);
        (started, startedAt) = (time.GetTimestamp(), time.GetUtcNow());
        thread = new Thread(Run) { IsBackground = true, Name = $"media-{number}", Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>How media is set up.</summary>
    public MediaOptions Options { get; }

    /// <summary>The loop's sockets.</summary>
    public IMediaSockets Sockets { get; }

    /// <summary>Writes recordings.</summary>
    public RecordingWriter Writer { get; }

    /// <summary>Where handshakes are carried out; null: nowhere.</summary>
    public DtlsRoom? Dtls { get; init; }

    /// <summary>Room for one packet to be made in.</summary>
    public byte[] SendBuffer { get; } = GC.AllocateArray<byte>(2048, pinned: true);

    /// <summary>Room for one packet to be encrypted in, when the packet itself is still needed.</summary>
    public byte[] SealBuffer { get; } = GC.AllocateArray<byte>(2048 + Srtp.SrtpContext.MaxGrowth, pinned: true);

    /// <summary>Room for one packet's samples at 8 kHz.</summary>
    public short[] Samples { get; } = new short[AudioCodecs.MaxPacketBytes];

    /// <summary>Chance, for this thread only.</summary>
    public Random Random { get; } = new();

    /// <summary>The time for RTCP: the wall clock's at the start, then steady, so that round trips are right also when the clock is set (RFC 3550 §4).</summary>
    public DateTimeOffset WallClock => startedAt + time.GetElapsedTime(started);

    /// <summary>Commands that wait.</summary>
    public int Pending => Volatile.Read(ref pending);

    /// <summary>Microseconds since the start, never zero.</summary>
    public long Now => (long)time.GetElapsedTime(started).TotalMicroseconds + 1;

    /// <summary>One frame of silence.</summary>
    public byte[] SilenceOf(AudioCodec codec) => silence[codec.Index()];

    /// <summary>Starts the thread.</summary>
    public void Start() => thread.Start();

    /// <summary>Closes all legs, waits until their recordings are on disk, and ends the thread.</summary>
    public void Stop()
    {
        stopping = true;
        Sockets.Wake();
        // A recording on a dead disk must not keep the process from ending.
        if (thread.Join(LongestStop)) Sockets.Dispose();
    }

    /// <summary>Gives a leg a command. Any thread.</summary>
    public void Post(LegStream leg, MediaCommand command)
    {
        if (Volatile.Read(ref pending) >= Options.CommandCapacity && !command.IsVital)
        {
            Interlocked.Increment(ref dropped);
            return;
        }
        Interlocked.Increment(ref pending);
        commands.Enqueue((leg, command));
        if (Interlocked.Exchange(ref waiting, 0) == 1) Sockets.Wake();
    }

    /// <summary>Waits until no more commands wait than half of the capacity. Any thread but the loop's.</summary>
    public void AwaitRoom()
    {
        if (Pending < Options.CommandCapacity / 2) return;
        lock (room)
        {
            crowded = true;
            while (Pending >= Options.CommandCapacity / 2 && thread.IsAlive) Monitor.Wait(room, LongestCrowd);
            crowded = false;
        }
    }

    /// <summary>Sends a datagram.</summary>
    public void Send(int socket, ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        if (Sockets.Send(socket, datagram, to)) sent++;
    }

    /// <summary>Takes a leg out and closes its sockets.</summary>
    public void Remove(LegStream leg)
    {
        Sockets.Close(leg.Sockets.Rtp);
        Sockets.Close(leg.Sockets.Rtcp);
        portFree(leg.Port);
        foreach (var list in turns) if (list.Remove(leg)) break;
        legs[leg.Index] = null;
        freeIndices.Push(leg.Index);
        leg.Index = -1;
        legCount--;
    }

    /// <summary>A leg has said its last.</summary>
    public void Forget() => unfinished--;

    /// <summary>Adds this loop's part to what media did.</summary>
    public MediaCounters AddTo(MediaCounters all) => all with
    {
        Legs = all.Legs + Volatile.Read(ref legCount),
        PacketsReceived = all.PacketsReceived + Volatile.Read(ref received),
        PacketsSent = all.PacketsSent + Volatile.Read(ref sent),
        LateTicks = all.LateTicks + Volatile.Read(ref lateTicks),
        WorstLatenessMicroseconds = Math.Max(all.WorstLatenessMicroseconds, Volatile.Read(ref worstLateness)),
        DroppedCommands = all.DroppedCommands + Volatile.Read(ref dropped),
    };

    private void Run()
    {
        var tokens = new int[256];
        Sockets.PreferThisThread();
        nextTurn = Now;
        while (!stopping || unfinished > 0 || !commands.IsEmpty)
        {
            if (stopping) CloseAll();
            ServeWhatIsDue();
            var count = Sockets.Wait(tokens, Timeout());
            Volatile.Write(ref waiting, 0);
            for (var i = 0; i < count; i++) Drain(tokens[i]);
        }
    }

    /// <summary>Carries out the commands that wait and takes the turns that are due. On the loop's thread, or on a test's that has none.</summary>
    internal void ServeWhatIsDue()
    {
        ExecuteCommands();
        if (legCount == 0) nextTurn = Now;
        else TakeTurns();
    }

    // The flag is set before the queue is looked at a last time, so a command posted meanwhile either is seen here or wakes the wait.
    private int Timeout()
    {
        Interlocked.Exchange(ref waiting, 1);
        if (!commands.IsEmpty || stopping) return stopping && commands.IsEmpty ? 1 : 0;
        return legCount == 0 ? -1 : (int)Math.Max(0, (nextTurn - Now + 999) / 1000);
    }

    private void TakeTurns()
    {
        late = Now - nextTurn >= TurnMicroseconds;
        for (var now = Now; now >= nextTurn; now = Now)
        {
            var lateness = now - nextTurn;
            if (lateness > worstLateness) worstLateness = lateness;
            if (lateness >= TurnMicroseconds) lateTicks++;
            if (lateness > TooLate) nextTurn = now; // the machine stood still: what was missed is not sent in a heap
            foreach (var leg in turns[turn]) Guarded(leg, now);
            turn = (turn + 1) % Turns;
            nextTurn += TurnMicroseconds;
        }
    }

    private void Guarded(LegStream leg, long now)
    {
        try
        {
            leg.Tick(now);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            faulted(failure); // a defect with one leg must not silence all the others
        }
    }

    private void ExecuteCommands()
    {
        for (var i = 0; i < CommandsAtOnce && commands.TryDequeue(out var next); i++)
        {
            Interlocked.Decrement(ref pending);
            try
            {
                if (next.Command is MediaCommand.Add) Add(next.Leg);
                else next.Leg.Execute(next.Command, Now);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                faulted(failure); // as above
            }
        }
        if (crowded && Pending < Options.CommandCapacity / 2)
        {
            lock (room) Monitor.PulseAll(room);
        }
    }

    private void Add(LegStream leg)
    {
        if (!freeIndices.TryPop(out var index)) index = legCount;
        if (index == legs.Length) Array.Resize(ref legs, legs.Length * 2);
        legs[index] = leg;
        leg.Index = index;
        legCount++;
        unfinished++;
        turns.MinBy(list => list.Count)!.Add(leg);
        Sockets.Watch(leg.Sockets.Rtp, 2 * index);
        Sockets.Watch(leg.Sockets.Rtcp, (2 * index) + 1);
    }

    private void CloseAll()
    {
        foreach (var leg in legs)
        {
            try
            {
                leg?.Execute(new MediaCommand.Close(), Now);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                faulted(failure); // as above
            }
        }
    }

    private void Drain(int token)
    {
        if (legs[token >> 1] is not { } leg) return;
        var socket = (token & 1) == 0 ? leg.Sockets.Rtp : leg.Sockets.Rtcp;
        var most = late ? DatagramsWhenLate : DatagramsAtOnce;
        for (var i = 0; i < most; i++)
        {
            var length = Sockets.Receive(socket, receiveBuffer, out var from);
            if (length < 0) return;
            received++;
            try
            {
                leg.Receive(receiveBuffer.AsSpan(0, length), from, Now, (token & 1) == 1);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                faulted(failure); // no datagram, however malformed, ends a thread
            }
        }
    }
}
