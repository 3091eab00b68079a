using System.Collections.Concurrent;

namespace Pbx.Sip.Diagnostics;

/// <summary>
/// What is counted: things that happened, and how many of something there are now, each asked of its owner when somebody looks.
/// </summary>
internal sealed class SipCounters
{
    private readonly ConcurrentDictionary<string, Func<long>> gauges = new(StringComparer.Ordinal);
    private long unhandledExceptions;
    private long received;
    private long malformed;
    private long shed;
    private long stray;
    private long strangers;
    private long silenced;

    /// <summary>Exceptions that nobody expected. Must not rise.</summary>
    public long UnhandledExceptions => Volatile.Read(ref unhandledExceptions);

    /// <summary>Messages that came.</summary>
    public long Received => Volatile.Read(ref received);

    /// <summary>An exception escaped.</summary>
    public void CountUnhandledException() => Interlocked.Increment(ref unhandledExceptions);

    /// <summary>A message came.</summary>
    public void CountReceived() => Interlocked.Increment(ref received);

    /// <summary>A message came that was none.</summary>
    public void CountMalformed() => Interlocked.Increment(ref malformed);

    /// <summary>A request was turned away because of load.</summary>
    public void CountShed() => Interlocked.Increment(ref shed);

    /// <summary>A response or ACK belonged to nothing.</summary>
    public void CountStray() => Interlocked.Increment(ref stray);

    /// <summary>A request of nobody that we know got its one answer without state.</summary>
    public void CountStranger() => Interlocked.Increment(ref strangers);

    /// <summary>A request of somebody who is banned was dropped.</summary>
    public void CountSilenced() => Interlocked.Increment(ref silenced);

    /// <summary>
    /// Adds a gauge, such as <c>calls</c> or <c>rtp-ports</c>. Gauges of one name are summed. The call-back is made from any thread and
    /// must only read.
    /// </summary>
    public void AddGauge(string name, Func<long> read) =>
        gauges.AddOrUpdate(name, read, (_, other) => () => other() + read());

    /// <summary>All of them now, by name.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        var values = gauges.ToDictionary(gauge => gauge.Key, gauge => gauge.Value(), StringComparer.Ordinal);
        values["unhandled-exceptions"] = UnhandledExceptions;
        values["messages-received"] = Received;
        values["messages-malformed"] = Volatile.Read(ref malformed);
        values["messages-stray"] = Volatile.Read(ref stray);
        values["requests-of-strangers"] = Volatile.Read(ref strangers);
        values["requests-silenced"] = Volatile.Read(ref silenced);
        values["requests-shed"] = Volatile.Read(ref shed);
        return values;
    }
}
