namespace Pbx.Sip.Transport;

/// <summary>A connection of any kind: TCP, TLS (the same over another stream), WebSocket.</summary>
internal interface IConnection
{
    /// <summary>Its flow.</summary>
    Flow Flow { get; }

    /// <summary>Puts a message into its queue; false when it is closed, or so slow that it is closed now.</summary>
    bool Send(ReadOnlyMemory<byte> message);

    /// <summary>Closes it. The first reason counts; closing again does nothing.</summary>
    void Close(CloseReason reason);

    /// <summary>Timestamp of its beginning.</summary>
    long OpenedAt { get; }

    /// <summary>Timestamp since which a part of a message has waited for its rest; null when none does.</summary>
    long? UnfinishedSince { get; }

    /// <summary>Why it was closed.</summary>
    CloseReason Reason { get; }

    /// <summary>Timestamp of the last traffic.</summary>
    long LastTraffic { get; }

    /// <summary>True once the peer has sent a whole message.</summary>
    bool HasSpoken { get; }

    /// <summary>Ends when both of its loops have ended. Never fails.</summary>
    Task Completion { get; }
}

/// <summary>Why a connection was closed.</summary>
internal enum CloseReason
{
    /// <summary>Still open.</summary>
    None,
    /// <summary>The peer closed it.</summary>
    PeerClosed,
    /// <summary>It broke.</summary>
    Broken,
    /// <summary>It could not be made.</summary>
    ConnectFailed,
    /// <summary>What came is no SIP, or its end cannot be known.</summary>
    NotSip,
    /// <summary>No message came in time after it was opened, or the rest of one did not; or a newer one needed its place meanwhile.</summary>
    Silent,
    /// <summary>No traffic for long.</summary>
    Idle,
    /// <summary>The peer does not take what we send.</summary>
    TooSlow,
    /// <summary>We stop.</summary>
    Stopping,
}
