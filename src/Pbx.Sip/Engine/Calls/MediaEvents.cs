using Pbx.Core.CallFlow;
using Pbx.Sip.Media;

namespace Pbx.Sip.Engine.Calls;

/// <summary>Brings what media tells, on its own loop, to the call in its shard.</summary>
internal sealed class MediaEvents(Call call) : IMediaListener
{
    /// <inheritdoc/>
    public void PlayEnded(MediaLeg leg, int play, PlayEnd end)
    {
        if (end is PlayEnd.Completed or PlayEnd.Failed && play > 0) call.Post(new CallInput.PlayEnded(play));
    }

    /// <inheritdoc/>
    public void Digit(MediaLeg leg, char key)
    {
        if (key is >= '0' and <= '9' or '*' or '#') call.Post(new CallInput.Digit(leg.Id, key));
    }

    /// <inheritdoc/>
    public void RecordingEnded(MediaLeg leg, RecordingResult result) => call.Shard.Post(() => call.RecordingEnded(result));

    /// <inheritdoc/>
    public void MediaLost(MediaLeg leg, TimeSpan silent) => call.Shard.Post(() => call.Probe(leg.Id));

    /// <inheritdoc/>
    public void HandshakeFailed(MediaLeg leg, string why) => call.Shard.Post(() => call.HandshakeFailed(leg.Id, why));

    /// <inheritdoc/>
    public void KeysMissing(MediaLeg leg) => call.Shard.Post(() => call.KeysMissing(leg.Id));

    /// <inheritdoc/>
    public void Report(MediaLeg leg, MediaReport report, bool final) => call.Shard.Post(() => call.Measured(leg.Id, report, final));
}
