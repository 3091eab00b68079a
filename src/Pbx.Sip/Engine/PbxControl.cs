using Pbx.Core.CallFlow;
using Pbx.Core.Live;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Media;

namespace Pbx.Sip.Engine;

/// <summary>What console and API may ask of the engine.</summary>
/// <param name="engine">The engine.</param>
/// <param name="counters">All counters.</param>
/// <param name="pauses">The pauses of the garbage collector in this process.</param>
/// <param name="media">The pauses of the process that carries the sound.</param>
/// <param name="ready">True while calls can be answered.</param>
internal sealed class PbxControl(PbxEngine engine, SipCounters counters, GarbagePauses pauses, IMedia media, Func<bool> ready) : IPbxControl
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Counters => counters.Read();

    /// <inheritdoc/>
    public IReadOnlyList<GarbagePause> Pauses => [.. pauses.Recent.Concat(media.Pauses).OrderBy(pause => pause.At)];

    /// <inheritdoc/>
    public bool Ready => ready();

    /// <inheritdoc/>
    public Task<bool> HangUpAsync(Guid call) => Task.FromResult(engine.HangUp(call, HangUpReason.Normal));
}
