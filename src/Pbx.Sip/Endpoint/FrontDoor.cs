using System.Globalization;
using Microsoft.Extensions.Logging;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Endpoint;

/// <summary>
/// Where all messages come in, on the threads that read: sends each to its shard, answers without state what no shard needs to see, and
/// turns new requests away when a shard is behind. The rest it leaves to <see cref="SipEndpoint"/>.
/// </summary>
internal sealed class FrontDoor : ITransportUser
{
    /// <summary>Work that has waited longer than this means overload, if there is also much of it.</summary>
    public static readonly TimeSpan OldestAllowed = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// A queue as short as this is no overload however old it is: the process was held up (a pause, a busy machine) and will be through it
    /// at once; turning a caller away then would help nobody.
    /// </summary>
    public const int ShortQueue = 100;

    /// <summary>Over UDP no answer is larger than so many times its question: whoever forges addresses shall not find a lever here.</summary>
    public const int MostTimesLarger = 3;

    private readonly ShardSet shards;
    private readonly SipCounters counters;
    private readonly ILogger logger;
    private readonly IGate gate;
    private readonly int mostTransactions;
    private SipEndpoint[] endpoints = [];
    private Action<object?>[] receivers = [];
    private ISipSender sender = null!;

    /// <summary>A door that is shut until <see cref="Open"/>.</summary>
    public FrontDoor(ShardSet shards, IGate gate, int mostTransactions, SipCounters counters, ILogger logger)
    {
        (this.shards, this.gate, this.counters, this.logger) = (shards, gate, counters, logger);
        this.mostTransactions = Math.Max(1, mostTransactions / shards.Count);
    }

    /// <summary>Opens it to these endpoints, one for each shard in order. Before anything is received.</summary>
    public void Open(ISipSender backDoor, IReadOnlyList<SipEndpoint> rooms)
    {
        sender = backDoor;
        endpoints = [.. rooms];
        receivers = [.. endpoints.Select(endpoint => (Action<object?>)(state =>
        {
            var received = (Received)state!;
            endpoint.Receive(received.Message, received.Flow);
        }))];
    }

    /// <inheritdoc/>
    public void OnReceived(SipParseResult result, Flow flow)
    {
        counters.CountReceived();
        if (!result.IsValid) Reject(result, flow);
        else if (result.Message is SipResponse response) Receive(response, flow);
        else Receive((SipRequest)result.Message!, flow);
    }

    /// <inheritdoc/>
    public void OnFlowLost(Flow flow)
    {
        for (var i = 0; i < endpoints.Length; i++)
        {
            var endpoint = endpoints[i];
            shards.All[i].Post(() => endpoint.OnFlowLost(flow));
        }
    }

    private void Receive(SipResponse response, Flow flow)
    {
        var shard = response.Via.Branch is { } branch ? shards.ForResponse(branch) : null;
        if (shard is null || !shard.Post(WorkClass.Message, receivers[shard.Number], new Received(response, flow))) counters.CountStray();
    }

    private void Receive(SipRequest request, Flow flow)
    {
        // A registration is in no dialog, whatever tag an old phone puts into To (§10.2).
        var begins = request.Method is not (SipMethods.Ack or SipMethods.Cancel) && (request.ToTag is null || request.Method == SipMethods.Register);
        if (!(begins ? Admit(request, flow) : MayFollow(request, flow))) return;
        var shard = shards.ForRequest(request.CallId, request.ToTag);
        var isNew = begins && request.ToTag is null;
        var workClass = isNew ? WorkClass.New : WorkClass.Message;
        if (!(isNew && IsBehind(shard)) && HasRoom(shard, request, isNew) && shard.Post(workClass, receivers[shard.Number], new Received(request, flow)))
            return;
        counters.CountShed();
        if (request.Method != SipMethods.Ack) Shed(request, flow);
    }

    /// <summary>A request that begins something: strangers get their one answer here, so that nothing is kept of them.</summary>
    private bool Admit(SipRequest request, Flow flow)
    {
        switch (gate.Judge(request, flow))
        {
            case Welcome.Enter:
                return true;
            case Welcome.Silence:
                counters.CountSilenced();
                return false;
            default:
                counters.CountStranger();
                AnswerStranger(request, flow);
                return false;
        }
    }

    private void AnswerStranger(SipRequest request, Flow flow)
    {
        var (tag, taken) = (StatelessTag(request), endpoints[0].Taken);
        var answer = StatelessAnswers.Refusal(request, tag, taken);
        if (answer is null && request.Method == SipMethods.Options) answer = StatelessAnswers.ToOptions(request, tag, taken);
        answer ??= gate.Challenge(request, flow, tag, brief: false);
        if (IsTooLarge(answer, request, flow) && answer.Status == 401) answer = gate.Challenge(request, flow, tag, brief: true);
        Answer(answer, request, flow);
    }

    /// <summary>Inside a dialog every tag is one of ours: what has another is answered, or dropped, without looking any further.</summary>
    private bool MayFollow(SipRequest request, Flow flow)
    {
        if (request.ToTag is not { } tag || request.Method == SipMethods.Cancel || ShardIds.ShardOf(tag) >= 0) return true;
        counters.CountStray();
        if (request.Method != SipMethods.Ack && !gate.IsShut(flow)) Answer(SipResponseBuilder.For(request, 481).Build(), request, flow);
        return false;
    }

    /// <summary>What belongs to calls that exist has as much room again as what is new (ACK makes no transaction).</summary>
    private bool HasRoom(Shard shard, SipRequest request, bool isNew) =>
        request.Method == SipMethods.Ack || endpoints[shard.Number].Held < (isNew ? mostTransactions : 2L * mostTransactions);

    private static bool IsBehind(Shard shard) => shard.Waiting > ShortQueue && shard.QueueAge > OldestAllowed;

    /// <summary>RFC 3261 section 21.5.4: come again later; no transaction, no state.</summary>
    private void Shed(SipRequest request, Flow flow)
    {
        if (logger.IsEnabled(LogLevel.Debug)) logger.Shed(request.Method, flow.Remote.ToString());
        // Spread over some seconds, or all come back at once.
        var after = 2 + (uint)request.CallId.GetHashCode(StringComparison.Ordinal) % 8;
        Answer(SipResponseBuilder.For(request, 503, StatelessTag(request)).Add(HeaderId.RetryAfter, after.ToString(CultureInfo.InvariantCulture)).Build(),
            request, flow);
    }

    private void Reject(SipParseResult result, Flow flow)
    {
        counters.CountMalformed();
        if (logger.IsEnabled(LogLevel.Debug)) logger.Rejected(flow.Remote.ToString(), result.Rejection.ToString());
        if (gate.IsShut(flow) || result.Message is not SipRequest request || SipRejections.Respond(request, result.Rejection, StatelessTag(request)) is not { } response) return;
        // RFC 4475 §3.1.2.1: a Via that cannot be read is no reason for silence; the source address is known.
        if (!IsTooLarge(response, request, flow)) sender.Send(request.TryVias() is null ? flow : sender.FlowForResponse(request, flow), response.Bytes);
    }

    private void Answer(SipResponse response, SipRequest request, Flow flow)
    {
        if (!IsTooLarge(response, request, flow)) sender.Send(sender.FlowForResponse(request, flow), response.Bytes);
    }

    private static bool IsTooLarge(SipResponse response, SipRequest request, Flow flow) =>
        flow.Transport == SipTransport.Udp && response.Bytes.Length > MostTimesLarger * request.Bytes.Length;

    /// <summary>Section 8.2.7: the same for each retransmission, without remembering.</summary>
    private static string StatelessTag(SipRequest request) =>
        ((uint)HashCode.Combine(request.Header(HeaderId.CallId), request.Header(HeaderId.From), request.Header(HeaderId.CSeq))).ToString("x8", CultureInfo.InvariantCulture);

    private sealed record Received(SipMessage Message, Flow Flow);
}
