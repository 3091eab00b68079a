namespace Pbx.Sip.Media.Apart;

/// <summary>What a frame says. Its fields are written and read in <see cref="DistantLeg"/>, <see cref="MediaConnection"/> and <see cref="MediaWorker"/>.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the worker, first of all: how media is set up.</summary>
    Setup = 1,
    /// <summary>A new leg; its two sockets come along with the frame.</summary>
    Open,
    /// <summary>What was agreed.</summary>
    Configure,
    /// <summary>Play.</summary>
    Play,
    /// <summary>Stop playing.</summary>
    StopPlay,
    /// <summary>Connect two legs both ways.</summary>
    Bridge,
    /// <summary>Give this leg another one's sound.</summary>
    HearFrom,
    /// <summary>End the bridge.</summary>
    Unbridge,
    /// <summary>Music for a held leg.</summary>
    Hold,
    /// <summary>No longer held.</summary>
    Resume,
    /// <summary>Record.</summary>
    Record,
    /// <summary>Stop recording.</summary>
    StopRecording,
    /// <summary>Send a key.</summary>
    SendDigit,
    /// <summary>Whether the far end takes keys by INFO only.</summary>
    DigitsByInfo,
    /// <summary>Close the leg.</summary>
    Close,
    /// <summary>Sounds to be encoded ahead.</summary>
    WarmUp,
    /// <summary>The file of a message that was still looked for.</summary>
    MessageFound,
    /// <summary>A file whose sound can be let go.</summary>
    Forget,
    /// <summary>Close all legs, finish their recordings, and end.</summary>
    Stop,

    /// <summary>From the worker: it works.</summary>
    Ready = 64,
    /// <summary>A play is over.</summary>
    PlayEnded,
    /// <summary>A key went down.</summary>
    Digit,
    /// <summary>A key was released.</summary>
    DigitEnded,
    /// <summary>A recording is on disk.</summary>
    RecordingEnded,
    /// <summary>Nothing is heard.</summary>
    MediaLost,
    /// <summary>A handshake failed.</summary>
    HandshakeFailed,
    /// <summary>An encrypted leg has no keys.</summary>
    KeysMissing,
    /// <summary>How a leg does.</summary>
    Report,
    /// <summary>A leg could not be opened.</summary>
    Lost,
    /// <summary>What the worker holds and did.</summary>
    Status,
    /// <summary>A pause of its garbage collector.</summary>
    Paused,
    /// <summary>An exception that it survived.</summary>
    Fault,
    /// <summary>The sounds to be encoded ahead are.</summary>
    WarmedUp,
}
