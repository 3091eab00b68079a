using Pbx.Sip.Endpoint;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Tests.Endpoint;

/// <summary>A room that takes some methods, remembers what came, and does what the test says.</summary>
internal sealed class RecordingRoom(params string[] methods) : IEndpointRoom
{
    private readonly List<IServerTransaction> requests = [];

    public IReadOnlyList<IServerTransaction> Requests => requests;

    public Action<IServerTransaction>? OnRequest { get; set; }

    public void Enter(SipEndpoint endpoint)
    {
        foreach (var method in methods)
            endpoint.Handle(method, transaction =>
            {
                requests.Add(transaction);
                OnRequest?.Invoke(transaction);
            });
    }
}
