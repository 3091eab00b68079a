namespace Pbx.Sip.Media.Net;

/// <summary>
/// The datagram sockets of one media loop. Everything belongs to the loop's thread, but <see cref="IPortSockets.TryBind"/> and <see cref="Wake"/>,
/// which any thread may call. Only the loop closes a socket, after taking it out of the poll: a number used again would carry
/// somebody else's sound.
/// </summary>
internal interface IMediaSockets : IPortSockets, IDisposable
{
    /// <summary>Reports the socket's datagrams from now on under a token.</summary>
    void Watch(int handle, int token);

    /// <summary>Ends watching and closes.</summary>
    void Close(int handle);

    /// <summary>Waits for datagrams or a wake-up and fills in the tokens of sockets that have some, whether or not they had before.</summary>
    int Wait(Span<int> tokens, int timeoutMilliseconds);

    /// <summary>Takes a datagram: its length, or -1 when none waits.</summary>
    int Receive(int handle, Span<byte> buffer, out PeerAddress from);

    /// <summary>Sends a datagram; false when the kernel would not have it, which is a loss like any other.</summary>
    bool Send(int handle, ReadOnlySpan<byte> datagram, in PeerAddress to);

    /// <summary>Ends the wait that goes on, or the next one. Any thread.</summary>
    void Wake();

    /// <summary>Asks the system to run the calling thread before those that compute, where it can be asked and grants it.</summary>
    void PreferThisThread()
    {
    }
}
