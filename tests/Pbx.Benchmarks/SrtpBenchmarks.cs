using BenchmarkDotNet.Attributes;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;

namespace Pbx.Benchmarks;

/// <summary>A packet of G.711 with 20 ms, protected or unprotected: the goal is 1.2 to 1.6 us, without garbage.</summary>
[MemoryDiagnoser]
public class SrtpBenchmarks
{
    private const int Length = RtpHeader.Size + 160;
    private const int Packets = 50_000;

    private readonly byte[] buffer = new byte[Length + SrtpContext.MaxGrowth];
    private readonly byte[][] ready = new byte[Packets][];
    private SrtpContext sender = null!;
    private SrtpContext receiver = null!;

    /// <summary>The suite, by its registered name.</summary>
    [Params("AES_CM_128_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM")]
    public string Suite { get; set; } = "";

    [IterationSetup]
    public void Fill()
    {
        var key = SrtpKey.Create(SrtpSuites.Parse(Suite)!.Value);
        sender = new SrtpContext(key);
        for (var i = 0; i < Packets; i++)
        {
            RtpHeader.Write(buffer, 8, false, (ushort)i, (uint)i * 160, 1);
            ready[i] = buffer[..sender.Protect(buffer, Length)];
        }
        sender = new SrtpContext(SrtpKey.Create(key.Suite));
        receiver = new SrtpContext(key);
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public void Protect()
    {
        for (var i = 0; i < Packets; i++)
        {
            RtpHeader.Write(buffer, 8, false, (ushort)i, (uint)i * 160, 1);
            if (sender.Protect(buffer, Length) == 0) throw new InvalidOperationException("A packet was refused.");
        }
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public void Unprotect()
    {
        foreach (var packet in ready)
            if (receiver.Unprotect(packet) < 0) throw new InvalidOperationException("A packet was refused.");
    }
}
