using Pbx.Core.CallFlow;

namespace Pbx.Sip.Media.Apart;

/// <summary>Tells the server what happens to one leg. Called on the leg's loop: it only writes into memory.</summary>
internal sealed class WorkerEvents(MediaLink link, int number) : IMediaListener
{
    /// <inheritdoc/>
    public void PlayEnded(LegId leg, int play, PlayEnd end)
    {
        using var frame = link.Begin(FrameKind.PlayEnded, number);
        frame.Fields.Int32(play);
        frame.Fields.Byte((byte)end);
    }

    /// <inheritdoc/>
    public void Digit(LegId leg, char key)
    {
        using var frame = link.Begin(FrameKind.Digit, number);
        frame.Fields.Int32(key);
    }

    /// <inheritdoc/>
    public void DigitEnded(LegId leg, char key, TimeSpan length, bool needsInfo)
    {
        using var frame = link.Begin(FrameKind.DigitEnded, number);
        frame.Fields.Int32(key);
        frame.Fields.Duration(length);
        frame.Fields.Boolean(needsInfo);
    }

    /// <inheritdoc/>
    public void RecordingEnded(LegId leg, RecordingResult result)
    {
        using var frame = link.Begin(FrameKind.RecordingEnded, number);
        frame.Fields.Result(result);
    }

    /// <inheritdoc/>
    public void MediaLost(LegId leg, TimeSpan silent)
    {
        using var frame = link.Begin(FrameKind.MediaLost, number);
        frame.Fields.Duration(silent);
    }

    /// <inheritdoc/>
    public void HandshakeFailed(LegId leg, string why)
    {
        using var frame = link.Begin(FrameKind.HandshakeFailed, number);
        frame.Fields.Text(why);
    }

    /// <inheritdoc/>
    public void KeysMissing(LegId leg)
    {
        using var frame = link.Begin(FrameKind.KeysMissing, number);
    }

    /// <inheritdoc/>
    public void Report(LegId leg, MediaReport report, bool final)
    {
        using var frame = link.Begin(FrameKind.Report, number);
        frame.Fields.Boolean(final);
        frame.Fields.Report(report);
    }
}
