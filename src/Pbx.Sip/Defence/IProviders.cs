using System.Net;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Defence;

/// <summary>Knows the providers; the room of the trunks implements it.</summary>
internal interface IProviders
{
    /// <summary>True when a request comes from a provider, which need not authenticate.</summary>
    bool IsProviders(SipRequest request, Flow flow);

    /// <summary>True when an address is one of a provider's, which is never banned.</summary>
    bool IsProviderAt(IPAddress address);
}
