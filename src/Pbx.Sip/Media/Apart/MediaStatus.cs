using Pbx.Core.Live;

namespace Pbx.Sip.Media.Apart;

/// <summary>What a worker tells of itself every second.</summary>
/// <param name="Counters">What its loops hold and did; the ports are the server's.</param>
/// <param name="Collections">How often its garbage was collected, by generation.</param>
/// <param name="PauseMicroseconds">How long all that halted it.</param>
internal sealed record MediaStatus(MediaCounters Counters, (int Youngest, int Younger, int All) Collections, long PauseMicroseconds)
{
    /// <summary>What the process is named where pauses are listed.</summary>
    public const string Process = "media";

    /// <summary>Before it told anything.</summary>
    public static MediaStatus None { get; } = new(new MediaCounters(0, 0, 0, 0, 0, 0, 0, 0), default, 0);

    /// <summary>This process.</summary>
    public static MediaStatus Of(MediaCounters counters) => new(counters,
        (GC.CollectionCount(0) - GC.CollectionCount(1), GC.CollectionCount(1) - GC.CollectionCount(2), GC.CollectionCount(2)),
        GC.GetTotalPauseDuration().Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Writes it into a frame.</summary>
    public void Write(FrameBuffer to)
    {
        to.Int64(Counters.Legs);
        to.Int64(Counters.PacketsReceived);
        to.Int64(Counters.PacketsSent);
        to.Int64(Counters.LateTicks);
        to.Int64(Counters.WorstLatenessMicroseconds);
        to.Int64(Counters.DroppedCommands);
        to.Int64(Counters.Recordings);
        to.Int32(Collections.Youngest);
        to.Int32(Collections.Younger);
        to.Int32(Collections.All);
        to.Int64(PauseMicroseconds);
    }

    /// <summary>Reads it again.</summary>
    public static MediaStatus Read(ref FrameReader from) => new(
        new MediaCounters(from.Int64(), 0, from.Int64(), from.Int64(), from.Int64(), from.Int64(), from.Int64(), from.Int64()),
        (from.Int32(), from.Int32(), from.Int32()), from.Int64());

    /// <summary>Writes one pause.</summary>
    public static void Write(FrameBuffer to, GarbagePause pause)
    {
        to.Int64(pause.Collection);
        to.Int64(pause.At.UtcTicks);
        to.Int32(pause.Generation);
        to.Boolean(pause.Background);
        to.Int64(pause.Microseconds);
    }

    /// <summary>Reads it again.</summary>
    public static GarbagePause ReadPause(ref FrameReader from) =>
        new(Process, from.Int64(), new DateTimeOffset(from.Int64(), TimeSpan.Zero), from.Int32(), from.Boolean(), from.Int64());
}
