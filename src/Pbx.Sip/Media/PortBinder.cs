using Pbx.Sip.Media.Net;

namespace Pbx.Sip.Media;

/// <summary>Takes a pair of ports and binds a socket to each. Any thread.</summary>
internal sealed class PortBinder(PortAllocator ports)
{
    private const int Attempts = 50;

    /// <summary>Pairs in use.</summary>
    public int Taken => ports.Taken;

    /// <summary>Binds the next pair that is free; false when there is none.</summary>
    public bool TryBind(IPortSockets sockets, out int port, out int rtp, out int rtcp)
    {
        rtp = rtcp = -1;
        for (var attempt = 0; attempt < Attempts && ports.TryTake(out port); attempt++)
        {
            if (sockets.TryBind(port, out rtp))
            {
                if (sockets.TryBind(port + 1, out rtcp)) return true;
                sockets.Abandon(rtp);
            }
            ports.Return(port); // somebody else's; it rests like any other
        }
        port = 0;
        return false;
    }

    /// <summary>Gives a pair back whose sockets are closed.</summary>
    public void Return(int port) => ports.Return(port);
}
