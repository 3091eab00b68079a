using System.Collections.Concurrent;
using Org.BouncyCastle.Tls;
using Pbx.Core.Common;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Dtls;

/// <summary>
/// Where DTLS handshakes are carried out: a few threads, made when they are needed, and a short queue. What finds no room is dropped like a lost
/// datagram; the far end asks again.
/// </summary>
internal sealed class DtlsRoom : IDisposable
{
    private const int MostWaiting = 256;

    private readonly BlockingCollection<Action> work = new(MostWaiting);
    private readonly DtlsIdentity identity;
    private readonly DtlsVerifier verifier;
    private readonly int mostThreads;
    private readonly TimeSpan deadline;
    private readonly Action<Exception> faulted;
    private int threads;
    private int idle;

    /// <summary>A room without threads.</summary>
    /// <param name="mostThreads">Threads at most.</param>
    /// <param name="deadline">How long a handshake may take.</param>
    /// <param name="certificate">What it shows.</param>
    /// <param name="faulted">Told of every exception that a thread survived.</param>
    public DtlsRoom(int mostThreads, TimeSpan deadline, DtlsCertificate certificate, Action<Exception> faulted)
    {
        (this.mostThreads, this.deadline, this.faulted) = (mostThreads, deadline, faulted);
        identity = new DtlsIdentity(certificate);
        verifier = new DtlsVerifier(identity.Crypto);
    }

    /// <summary>
    /// Looks at a hello without keeping anything: the verified request when it brings the cookie that its address was given, else null, after
    /// giving it one (RFC 6347 section 4.2.1).
    /// </summary>
    public DtlsRequest? Verify(ReadOnlySpan<byte> datagram, in PeerAddress from, DatagramSender reply)
    {
        var data = datagram.ToArray();
        try
        {
            lock (verifier) return verifier.VerifyRequest(System.Text.Encoding.ASCII.GetBytes(from.ToString()), data, 0, data.Length, reply);
        }
#pragma warning disable CA1031 // The library throws at some greetings (a reserved version): they are no greetings, and the media loop goes on.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>Begins a handshake; null when there is no room.</summary>
    public DtlsAssociation? Begin(in PeerAddress peer, ValueList<SdpFingerprint> expected, DtlsRequest? request, Action<byte[]> send, Action<DtlsAssociation> done)
    {
        var association = new DtlsAssociation(peer, new DtlsNegotiation(identity, expected, deadline), request, send, done);
        return Do(association.Shake) ? association : null;
    }

    /// <summary>Has what comes after a handshake looked at.</summary>
    public void Pump(DtlsAssociation association)
    {
        if (association.BeginPump() && !Do(association.Pump)) association.Abort();
    }

    /// <summary>Ends the threads, each after what it does.</summary>
    public void Dispose() => work.CompleteAdding();

    private bool Do(Action step)
    {
        if (work.IsAddingCompleted || !work.TryAdd(step)) return false;
        if (Volatile.Read(ref idle) > 0) return true;
        if (Interlocked.Increment(ref threads) <= mostThreads)
            new Thread(Run) { IsBackground = true, Name = "dtls" }.Start();
        else
            Interlocked.Decrement(ref threads);
        return true;
    }

    private void Run()
    {
        while (true)
        {
            Interlocked.Increment(ref idle);
            var found = work.TryTake(out var step, Timeout.Infinite);
            Interlocked.Decrement(ref idle);
            if (!found) return;
            try
            {
                step!();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                faulted(failure); // a defect with one handshake must not end the thread
            }
        }
    }
}
