namespace Pbx.Sip.Endpoint;

/// <summary>
/// A room above the endpoint (registrar, calls, trunks ...). At the start each is introduced to the endpoint of each shard, before
/// anything is received; there it registers the methods that it takes. Registered as a service under this interface.
/// </summary>
internal interface IEndpointRoom
{
    /// <summary>Called once for each shard, on the thread that starts the process.</summary>
    void Enter(SipEndpoint endpoint);
}
