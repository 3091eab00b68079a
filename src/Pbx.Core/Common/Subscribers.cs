using System.Collections.Immutable;

namespace Pbx.Core.Common;

/// <summary>Call-backs that want to hear of something, until each is disposed. Publishing takes no lock.</summary>
internal sealed class Subscribers<T>
{
    private ImmutableList<Action<T>> callbacks = [];

    /// <summary>Adds a call-back; disposing takes it away again.</summary>
    public IDisposable Add(Action<T> callback)
    {
        ImmutableInterlocked.Update(ref callbacks, list => list.Add(callback));
        return new Subscription(this, callback);
    }

    /// <summary>Calls all of them.</summary>
    public void Publish(T value)
    {
        foreach (var callback in Volatile.Read(ref callbacks)) callback(value);
    }

    private sealed class Subscription(Subscribers<T> owner, Action<T> callback) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref owner.callbacks, list => list.Remove(callback));
    }
}
