using Pbx.Sip.Media.Apart;
using Pbx.Sip.Media.Net;

namespace Pbx.Sip.Tests.Media;

/// <summary>Starts workers as threads of the test, and can cut one off as if its process had been killed.</summary>
internal sealed class WorkerThreads
{
    private int socket;

    /// <summary>How many were started.</summary>
    public int Started { get; private set; }

    /// <summary>What each said when it ended: true when it was asked to.</summary>
    public Inbox<bool> Ends { get; } = new();

    /// <summary>How many of the next starts fail.</summary>
    public int Failures { get; set; }

    /// <summary>Starts one that takes the socket.</summary>
    public IDisposable Start(int descriptor)
    {
        if (Failures > 0)
        {
            Failures--;
            _ = Libc.close(descriptor);
            throw new InvalidOperationException("no worker");
        }
        socket = descriptor;
        Started++;
        var thread = new Thread(() => Ends.Add(MediaWorker.Run(descriptor, TimeProvider.System, static () => { }))) { IsBackground = true };
        thread.Start();
        return new Running(thread);
    }

    /// <summary>Cuts the last one off.</summary>
    public void Kill() => _ = Libc.shutdown(socket, Libc.SHUT_RDWR);

    private sealed class Running(Thread thread) : IDisposable
    {
        public void Dispose() => Assert.True(thread.Join(TimeSpan.FromSeconds(60)));
    }
}
