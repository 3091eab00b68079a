using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>
/// One leg's media: a port pair and one RTP stream each way for its whole life. All members are commands that return at once; they are
/// carried out in order on the leg's loop. Commands after <see cref="Close"/> do nothing. Used by one thread at a time (the call's shard).
/// </summary>
internal abstract class MediaLeg
{
    /// <summary>The call that it belongs to.</summary>
    public required Guid Call { get; init; }

    /// <summary>Which leg of the call it is.</summary>
    public required LegId Id { get; init; }

    /// <summary>The RTP port bound; RTCP is the next one.</summary>
    public required int Port { get; init; }

    /// <summary>
    /// Sets or changes where the far end is, the codecs and the direction. The stream goes on: same SSRC, no jump. Until the first one nothing
    /// is sent.
    /// </summary>
    /// <param name="media">What was agreed.</param>
    /// <param name="signalling">Where the far end's signalling comes from: behind a router its media does too, whatever SDP says.</param>
    public abstract void Configure(NegotiatedMedia media, IPAddress? signalling = null);

    /// <summary>
    /// Plays, in place of what it plays now, of silence and of a bridge's sound. Sounds that are not in memory yet are loaded
    /// elsewhere, then it starts.
    /// </summary>
    /// <param name="play">Numbers the plays of a call; comes back in <see cref="IMediaListener.PlayEnded"/>.</param>
    /// <param name="sounds">What, one after the other.</param>
    /// <param name="loop">From the start again at the end, until stopped or replaced.</param>
    public abstract void Play(int play, ValueList<Sound> sounds, bool loop = false);

    /// <summary>Stops what it plays.</summary>
    public abstract void StopPlay();

    /// <summary>Connects two legs of the same call, both ways; a bridge that either was in ends, as do plays and echo on either.</summary>
    public abstract void BridgeWith(MediaLeg other);

    /// <summary>Gives this leg the sound of another one (early media), one way; ends its play. Ended by bridge or unbridge.</summary>
    public abstract void HearFrom(MediaLeg other);

    /// <summary>Ends the bridge that it is in.</summary>
    public abstract void Unbridge();

    /// <summary>This leg is held by the one that it is bridged with: it hears <paramref name="music"/> (looped) and its own sound goes nowhere.</summary>
    public abstract void Hold(ValueList<Sound> music);

    /// <summary>Ends <see cref="Hold"/>: the bridge goes on.</summary>
    public abstract void Resume();

    /// <summary>Sends its own sound back to it, until a bridge, a play or <see cref="Unbridge"/>.</summary>
    public abstract void Echo();

    /// <summary>Records what it says, to disk as it comes. One recording at a time: a second one ends the first as stopped.</summary>
    public abstract void Record(RecordingRequest request);

    /// <summary>Ends the recording; reported as <see cref="RecordingEnd.Stopped"/>.</summary>
    public abstract void StopRecording();

    /// <summary>Sends a digit (0-9, *, #, A-D) to the far end: telephone-event where agreed, else in-band.</summary>
    public abstract void SendDigit(char key, int milliseconds = 160);

    /// <summary>The far end takes digits by INFO only: none are put into its stream, the other side's listener is told instead.</summary>
    public abstract void DigitsByInfo(bool on);

    /// <summary>Ends everything, sends RTCP BYE, gives the ports back, and reports for the last time. A recording ends as hung up.</summary>
    public abstract void Close();
}
