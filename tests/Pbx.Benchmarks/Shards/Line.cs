using System.Text;
using Pbx.Sip.Transport;

namespace Pbx.Benchmarks.Shards;

/// <summary>One phone, busy with one operation after the other. Touched by one thread at a time: the one that sends its answer.</summary>
internal abstract class Line(Phones phones, int index, Flow flow)
{
    private readonly byte[] datagram = new byte[2048];
    private long begun;

    /// <summary>Operations that came to their end.</summary>
    public long Done { get; private set; }

    /// <summary>Operations that did not.</summary>
    public long Failed { get; private set; }

    /// <summary>Time that it took itself.</summary>
    public long Ticks { get; private set; }

    /// <summary>True while it waits for an answer.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>The answer that was not to be.</summary>
    public string? Trouble { get; private set; }

    protected int Index => index;

    protected int Port => flow.Remote.Port;

    protected System.Net.IPAddress Address => flow.Remote.Address;

    /// <summary>Number of the operation that goes on.</summary>
    protected long Number { get; private set; }

    protected Span<byte> Room => datagram;

    /// <summary>Begins the next operation.</summary>
    public void Begin()
    {
        IsBusy = true;
        Number++;
        Watch();
        First();
    }

    /// <summary>Something comes from the server.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        Watch();
        var status = message.StartsWith("SIP/2.0 "u8) ? (message[8] - '0') * 100 + (message[9] - '0') * 10 + message[10] - '0' : 0;
        if (status is >= 100 and < 200) Pause();
        else Answered(status, message);
    }

    /// <summary>Writes the first request.</summary>
    protected abstract void First();

    /// <summary>Goes on after a final answer, by <see cref="Send"/>, <see cref="Finish"/>, <see cref="Fail"/> or <see cref="Pause"/>.</summary>
    protected abstract void Answered(int status, ReadOnlySpan<byte> message);

    /// <summary>Sends a request. The answer may be there, on another thread, before this returns: nothing may follow it.</summary>
    protected void Send(int length)
    {
        Pause();
        phones.Arrive(datagram.AsSpan(0, length), flow);
    }

    /// <summary>Sends what has no answer; something may follow it.</summary>
    protected void SendUnanswered(int length)
    {
        Send(length);
        Watch();
    }

    protected void Finish()
    {
        Done++;
        Pause();
        if (phones.Ended) IsBusy = false;
        else Begin();
    }

    /// <summary>This phone does nothing more: a run in which something fails is worth nothing.</summary>
    protected void Fail(ReadOnlySpan<byte> message)
    {
        Pause();
        Failed++;
        Trouble = Encoding.UTF8.GetString(message);
        IsBusy = false;
    }

    /// <summary>What stands in a message between two texts; empty when they are not in it.</summary>
    protected static ReadOnlySpan<byte> Between(ReadOnlySpan<byte> message, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var start = message.IndexOf(before);
        if (start < 0) return default;
        var rest = message[(start + before.Length)..];
        var end = rest.IndexOf(after);
        return end < 0 ? default : rest[..end];
    }

    private void Watch() => begun = TimeProvider.System.GetTimestamp();

    /// <summary>It waits for something else.</summary>
    protected void Pause() => Ticks += TimeProvider.System.GetTimestamp() - begun;
}
