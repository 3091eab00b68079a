using System.Net;
using BenchmarkDotNet.Attributes;
using Pbx.Sip.Authentication;
using Pbx.Sip.Messages;

namespace Pbx.Benchmarks;

/// <summary>The two halves of a registration's authentication: making a challenge, and judging right credentials.</summary>
[MemoryDiagnoser]
public class DigestBenchmarks
{
    private const string Realm = "pbx";
    private const int Requests = 2_000;
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IPEndPoint Source = new(IPAddress.Parse("198.51.100.7"), 5060);
    private static readonly DigestUser User = new("kNm4xTq8vRz2", [DigestAlgorithm.Md5, DigestAlgorithm.Sha256]);

    private readonly DigestServer server = new();
    private readonly SipRequest[] ready = new SipRequest[Requests];
    private readonly SipRequest bare = Received(Register());
    private DigestAlgorithm[] offered = [];

    /// <summary>The algorithm that the device is set to.</summary>
    [Params(nameof(DigestAlgorithm.Md5), nameof(DigestAlgorithm.Sha256))]
    public string Algorithm { get; set; } = "";

    [GlobalSetup]
    public void Choose() => offered = [Enum.Parse<DigestAlgorithm>(Algorithm)];

    // Each count of a nonce is good for one request, so there are as many requests as are judged.
    [IterationSetup(Target = nameof(Check))]
    public void Authorize()
    {
        var client = new DigestClient("101", User.Password);
        if (!client.Accept(MakeChallenge())) throw new InvalidOperationException("The challenge cannot be answered.");
        for (var i = 0; i < Requests; i++)
        {
            var request = Register();
            client.Authorize(request);
            ready[i] = Received(request);
        }
    }

    [Benchmark]
    public int Challenge() => MakeChallenge().Bytes.Length;

    [Benchmark(OperationsPerInvoke = Requests)]
    public void Check()
    {
        foreach (var request in ready)
            if (server.Check(request, Realm, Now, static _ => User).Verdict != DigestVerdict.Right) throw new InvalidOperationException("Right credentials were refused.");
    }

    private SipResponse MakeChallenge() => server.Challenge(bare, "t", Realm, offered, stale: false, Now).Build();

    private static SipRequestBuilder Register() =>
        SipRequestBuilder.Create(SipMethods.Register, SipUri.Parse("sip:192.0.2.1"), new NameAddress(null, SipUri.Parse("sip:101@192.0.2.1")).WithTag("f"),
            new NameAddress(null, SipUri.Parse("sip:101@192.0.2.1")), "1-2718@198.51.100.7", 1).ReplaceVia(new Via("UDP", "198.51.100.7", 5060));

    private static SipRequest Received(SipRequestBuilder builder)
    {
        var request = (SipRequest)SipParser.Parse(builder.Build().Bytes.Span).Message!;
        request.Source = Source;
        return request;
    }
}
