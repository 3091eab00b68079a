using Pbx.Core.Common;

namespace Pbx.Core.Mail;

/// <summary>Tells sender, sweeper and console that the outbox changed.</summary>
internal sealed class OutboxSignal
{
    private readonly Subscribers<bool> subscribers = new();

    /// <summary>Calls back after each change, until disposed. The callback must not block.</summary>
    public IDisposable Subscribe(Action changed) => subscribers.Add(_ => changed());

    /// <summary>Something changed.</summary>
    public void Changed() => subscribers.Publish(true);
}
