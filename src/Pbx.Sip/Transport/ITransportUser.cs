using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>What the room above the transports must implement. Called on the threads that read; must not block.</summary>
internal interface ITransportUser
{
    /// <summary>
    /// A message came, judged already and with its source set. A rejected one is there as far as it could be read, so that it can be
    /// answered.
    /// </summary>
    void OnReceived(SipParseResult result, Flow flow);

    /// <summary>A connection is closed: nothing goes by this flow any more.</summary>
    void OnFlowLost(Flow flow);
}
