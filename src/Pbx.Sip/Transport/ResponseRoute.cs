using System.Net;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>Where responses go.</summary>
internal static class ResponseRoute
{
    /// <summary>
    /// The address for a response when it goes by datagram or its connection is gone (RFC 3261 section 18.2.2): the address that the request
    /// came from, at the source port when rport was asked (RFC 3581 section 4), else at the port of sent-by.
    /// </summary>
    // Deviates from RFC 3261 §18.2.2 because maddr would let a stranger aim our answers at anybody: it is not followed.
    public static IPEndPoint AddressFor(SipRequest request, IPEndPoint source)
    {
        var via = request.Via;
        return via.WantsRPort ? source : new IPEndPoint(source.Address, via.EffectivePort);
    }
}
