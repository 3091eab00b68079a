namespace Pbx.Sip.Media.Net;

/// <summary>Makes sockets on ports. Any thread.</summary>
internal interface IPortSockets
{
    /// <summary>Binds a socket to a port and returns its handle; false when the port is taken.</summary>
    bool TryBind(int port, out int handle);

    /// <summary>Closes a socket that was bound and never used.</summary>
    void Abandon(int handle);
}
