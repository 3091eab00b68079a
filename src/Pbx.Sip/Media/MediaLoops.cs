using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Recording;

namespace Pbx.Sip.Media;

/// <summary>The loops of this process, and what they share: the writer of recordings and the room for handshakes.</summary>
internal sealed class MediaLoops : IDisposable
{
    private readonly MediaLoop[] loops;
    private readonly RecordingWriter writer = new();
    private readonly DtlsRoom dtls;
    private bool disposed;

    /// <summary>Starts the loops.</summary>
    /// <param name="options">How they are set up.</param>
    /// <param name="certificate">What encrypted legs show in DTLS handshakes.</param>
    /// <param name="portFree">Told of each port pair whose sockets are closed; called on the loop.</param>
    /// <param name="time">The clock.</param>
    /// <param name="faulted">Told of every exception that a loop survived; called on the loop.</param>
    public MediaLoops(MediaOptions options, DtlsCertificate certificate, Action<int> portFree, TimeProvider time, Action<Exception> faulted)
    {
        dtls = new DtlsRoom(options.HandshakeThreads, options.HandshakeTimeout, certificate, faulted);
        loops = [.. Enumerable.Range(0, options.Loops > 0 ? options.Loops : Environment.ProcessorCount)
            .Select(number => new MediaLoop(number, options, OpenSockets(options), portFree, writer, time, faulted) { Dtls = dtls })];
        foreach (var loop in loops) loop.Start();
    }

    /// <summary>The loop that all legs of a call share.</summary>
    public MediaLoop Of(Guid call) => loops[(uint)call.GetHashCode() % (uint)loops.Length];

    /// <summary>What they hold and did.</summary>
    public MediaCounters Count(int ports) => loops.Aggregate(new MediaCounters(0, ports, 0, 0, 0, 0, 0, writer.Count), (all, loop) => loop.AddTo(all));

    /// <summary>Closes all legs, finishes their recordings, ends the threads.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        dtls.Dispose();
        foreach (var loop in loops) loop.Stop();
        writer.Dispose();
    }

    private static IMediaSockets OpenSockets(MediaOptions options) =>
        EpollSockets.IsSupported && !options.Portable ? new EpollSockets(options.BindHere) : new PortableSockets(options.BindHere);
}
