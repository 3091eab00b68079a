using Pbx.Core.CallFlow;
using Pbx.Core.Live;

namespace Pbx.Sip.Media;

/// <summary>The door to media: opens legs. Everything else is a command to a leg or an event from it.</summary>
internal interface IMedia
{
    /// <summary>
    /// Binds a port pair at once, on the loop that all legs of this call share, and returns the leg; null when no port is free or
    /// the loop is overloaded (answer 503). Callable from any thread.
    /// </summary>
    MediaLeg? Open(Guid call, LegId leg, IMediaListener listener);

    /// <summary>The hash of the certificate that encrypted legs show in DTLS handshakes; null: none are made.</summary>
    Sdp.SdpFingerprint? Fingerprint { get; }

    /// <summary>What media holds and did, now.</summary>
    MediaCounters Counters { get; }

    /// <summary>The last pauses of the garbage collector that only media had, oldest first; none where it shares a process with the rest.</summary>
    IReadOnlyList<GarbagePause> Pauses => [];
}

/// <summary>
/// What media tells of a leg. Called on the media loop, so an implementation only posts to its own queue: it neither blocks nor throws.
/// All events of a leg come in order, and none after the final report.
/// </summary>
internal interface IMediaListener
{
    /// <summary>A play is over: exactly once for each <see cref="MediaLeg.Play"/>, whatever ended it.</summary>
    void PlayEnded(LegId leg, int play, PlayEnd end);

    /// <summary>A key (0-9, *, #, A-D) went down, by telephone-event or in-band.</summary>
    void Digit(LegId leg, char key);

    /// <summary>
    /// A key was released, with its length; <paramref name="needsInfo"/> when the leg it is bridged with could not be given it in its
    /// stream because it takes digits by INFO only (<see cref="MediaLeg.DigitsByInfo"/>).
    /// </summary>
    void DigitEnded(LegId leg, char key, TimeSpan length, bool needsInfo)
    {
    }

    /// <summary>A recording is over and its file complete and synced to disk.</summary>
    void RecordingEnded(LegId leg, RecordingResult result);

    /// <summary>
    /// Nothing was heard of the far end, neither RTP nor RTCP, for the media time-out although it should send; once per silence. Holds,
    /// comfort noise and a muted phone that still reports by RTCP do not count. A suspicion: ask the far end before hanging up.
    /// </summary>
    void MediaLost(LegId leg, TimeSpan silent);

    /// <summary>A DTLS handshake failed while the leg had no keys; another one may succeed.</summary>
    void HandshakeFailed(LegId leg, string why)
    {
    }

    /// <summary>The leg is to be encrypted and has waited for its keys for too long; told again after the same time.</summary>
    void KeysMissing(LegId leg)
    {
    }

    /// <summary>The leg's media is gone, with all that it did: a recording that ran was told of just before, with what is on disk, and nothing follows but a last report. The call can only be ended.</summary>
    void Gone(LegId leg)
    {
    }

    /// <summary>How the leg's media does: every few seconds, and once with <paramref name="final"/> after <see cref="MediaLeg.Close"/>.</summary>
    void Report(LegId leg, MediaReport report, bool final);
}

/// <summary>What ended a play.</summary>
internal enum PlayEnd
{
    /// <summary>It was played to its end.</summary>
    Completed,
    /// <summary>Nothing could be played (sound missing, no codec for it); a call flow goes on as if it had ended.</summary>
    Failed,
    /// <summary>Another play took its place.</summary>
    Replaced,
    /// <summary>It was stopped, or the leg closed.</summary>
    Stopped,
}

/// <summary>A finished recording.</summary>
/// <param name="Recording">Its number, as given.</param>
/// <param name="End">What ended it.</param>
/// <param name="File">Absolute path of the WAV.</param>
/// <param name="Milliseconds">Length without the silence at its end.</param>
/// <param name="HasVoice">False when it holds nothing but silence.</param>
internal sealed record RecordingResult(int Recording, RecordingEnd End, string File, int Milliseconds, bool HasVoice);

/// <summary>How a recording is made.</summary>
/// <param name="Recording">Numbers the recordings of a call.</param>
/// <param name="File">Absolute path of the WAV to write; its directory exists.</param>
/// <param name="MaxSeconds">Longest.</param>
/// <param name="SilenceSeconds">Silence that ends it; 0: none does.</param>
/// <param name="EndKeys">Keys that end it; such a key is also reported as a digit.</param>
internal sealed record RecordingRequest(int Recording, string File, int MaxSeconds, int SilenceSeconds, string EndKeys);
