using System.Net;
using BenchmarkDotNet.Attributes;
using Pbx.Core.Common;
using Pbx.Sip.Sdp;

namespace Pbx.Benchmarks;

/// <summary>An offer as text to an answer as text: read, judged, written; in clear and with keys in SDP.</summary>
[MemoryDiagnoser]
public class SdpBenchmarks
{
    private static readonly string Encrypted = SampleMessages.Offer.Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal)
        + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n";

    private static readonly LocalDescription Local = new()
    {
        Rtp = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 10000),
        Origin = new SdpOrigin("-", "42", 1, "192.0.2.1"),
        Security = LocalSecurity.None with { Policy = CallSecurity.ClearAllowed, Keys = LocalSecurity.NewKeys() },
    };

    [Benchmark]
    public int Answer() => AnswerTo(SampleMessages.Offer);

    [Benchmark]
    public int AnswerEncrypted() => AnswerTo(Encrypted);

    private static int AnswerTo(string offer) => SdpParser.TryParse(offer, out var theirs) && OfferAnswer.Answer(theirs, Local) is { IsAcceptable: true } answer
        ? SdpWriter.Write(answer.Session!).Length
        : throw new InvalidOperationException("The offer was refused.");
}
