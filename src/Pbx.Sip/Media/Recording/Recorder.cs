using Pbx.Core.CallFlow;

namespace Pbx.Sip.Media.Recording;

/// <summary>
/// One recording, as the media loop sees it: puts what comes in at its place in time, fills gaps with silence, and knows when it is over. The
/// samples go to the writer's thread.
/// </summary>
internal sealed class Recorder(int number, string file, int maxSeconds, int silenceSeconds, string endKeys, long start)
{
    private const int Rate = 8000;
    private const int LateAfter = Rate * 4 / 10;
    private const long QuietAfter = 400_000;
    private const int Margin = Rate * 2 / 10;
    private static readonly short[] Silence = new short[Rate / 50];

    private readonly VoiceMeter meter = new();
    private bool mapped;
    private uint ssrc;
    private uint baseTimestamp;
    private long basePosition;
    private long written;
    private long takenAt;
    private volatile int end = -1;

    /// <summary>Its number.</summary>
    public int Number { get; } = number;

    /// <summary>The file it goes to.</summary>
    public string File { get; } = file;

    /// <summary>Where the writer takes its samples from.</summary>
    public SampleRing Ring { get; } = new();

    /// <summary>What ended it, once it is over. Read by the writer's thread too.</summary>
    public RecordingEnd? End => end < 0 ? null : (RecordingEnd)end;

    /// <summary>Length without the silence at its end, in ms.</summary>
    public int Milliseconds => (int)(meter.VoiceUntil * 1000 / Rate);

    /// <summary>False when it holds nothing but silence.</summary>
    public bool HasVoice => meter.HasVoice;

    /// <summary>True when the key ends it.</summary>
    public bool EndsWith(char key) => endKeys.Contains(key, StringComparison.Ordinal);

    /// <summary>Takes a packet's samples, in order; <paramref name="timestamp"/> has the 8 kHz clock.</summary>
    public void Take(ReadOnlySpan<short> samples, uint sender, uint timestamp, long now)
    {
        if (End is not null) return;
        takenAt = now;
        var position = Place(samples.Length, sender, timestamp, now);
        if (position > written) Fill(position - written);
        var late = (int)Math.Min(samples.Length, written - position);
        if (late < samples.Length) Write(samples[late..]);
        Check();
    }

    /// <summary>Goes on in time when nothing comes.</summary>
    public void Tick(long now)
    {
        if (End is not null) return;
        var behind = Elapsed(now) - written;
        if (behind > LateAfter && now - takenAt > QuietAfter) Fill(behind - Margin); // not for a far end whose clock is slow
        Check();
    }

    /// <summary>Ends it; the first reason stays.</summary>
    public void Stop(RecordingEnd reason) => Interlocked.CompareExchange(ref end, (int)reason, -1);

    // RTP timestamps place the samples exactly; a far end that starts a new clock is placed by ours.
    private long Place(int length, uint sender, uint timestamp, long now)
    {
        var elapsed = Elapsed(now);
        var position = basePosition + (int)(timestamp - baseTimestamp);
        if (mapped && sender == ssrc && position < elapsed + Rate && position > elapsed - (2 * Rate)) return position;
        (mapped, ssrc, baseTimestamp) = (true, sender, timestamp);
        basePosition = Math.Max(written, elapsed - length);
        return basePosition;
    }

    private long Elapsed(long now) => (now - start) * Rate / 1_000_000;

    private void Fill(long count)
    {
        for (; count > 0 && End is null; count -= Silence.Length) Write(Silence.AsSpan(0, (int)Math.Min(count, Silence.Length)));
    }

    private void Write(ReadOnlySpan<short> samples)
    {
        if (!Ring.TryWrite(samples))
        {
            Stop(RecordingEnd.Failed); // the disk has stood still for seconds
            return;
        }
        written += samples.Length;
        meter.Take(samples);
    }

    private void Check()
    {
        if (written >= (long)maxSeconds * Rate) Stop(RecordingEnd.Limit);
        else if (silenceSeconds > 0 && meter.Samples - meter.VoiceUntil >= (long)silenceSeconds * Rate) Stop(RecordingEnd.Silence);
    }
}
