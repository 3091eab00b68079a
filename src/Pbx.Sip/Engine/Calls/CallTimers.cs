using Pbx.Core.CallFlow;
using Pbx.Sip.Scheduling;

namespace Pbx.Sip.Engine.Calls;

/// <summary>The timers that a call's machine asks for: one of each kind, made when first used.</summary>
internal sealed class CallTimers(IShard shard, Action<CallTimer> fired)
{
    private readonly ShardTimer?[] timers = new ShardTimer?[Enum.GetValues<CallTimer>().Length];

    /// <summary>Starts one, or starts it anew.</summary>
    public void Start(CallTimer timer, TimeSpan after) =>
        (timers[(int)timer] ??= shard.CreateTimer(() => fired(timer))).Start(after);

    /// <summary>Stops one.</summary>
    public void Stop(CallTimer timer) => timers[(int)timer]?.Stop();

    /// <summary>Stops all.</summary>
    public void StopAll()
    {
        foreach (var timer in timers) timer?.Stop();
    }
}
