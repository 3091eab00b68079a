using Pbx.Core.CallFlow;
using Pbx.Sip.Media;

namespace Pbx.Sip.Engine.Calls;

/// <summary>Brings what media tells, on its own loop, to the call in its shard.</summary>
internal sealed class MediaEvents(Call call) : IMediaListener
{
    /// <inheritdoc/>
    public void PlayEnded(LegId leg, int play, PlayEnd end)
    {
        if (end is PlayEnd.Completed or PlayEnd.Failed && play > 0) call.Post(new CallInput.PlayEnded(play));
    }

    /// <inheritdoc/>
    public void Digit(LegId leg, char key)
    {
        if (key is >= '0' and <= '9' or '*' or '#') call.Post(new CallInput.Digit(leg, key));
    }

    /// <inheritdoc/>
    public void RecordingEnded(LegId leg, RecordingResult result) => call.Shard.Post(() => call.RecordingEnded(result));

    /// <inheritdoc/>
    public void MediaLost(LegId leg, TimeSpan silent) => call.Shard.Post(() => call.Probe(leg));

    /// <inheritdoc/>
    public void HandshakeFailed(LegId leg, string why) => call.Shard.Post(() => call.HandshakeFailed(leg, why));

    /// <inheritdoc/>
    public void KeysMissing(LegId leg) => call.Shard.Post(() => call.KeysMissing(leg));

    /// <inheritdoc/>
    public void Gone(LegId leg) => call.Shard.Post(() => call.MediaGone(leg));

    /// <inheritdoc/>
    public void Report(LegId leg, MediaReport report, bool final) => call.Shard.Post(() => call.Measured(leg, report, final));
}
