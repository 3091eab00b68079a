using System.Net;
using BenchmarkDotNet.Attributes;
using Pbx.Sip.Messages;

namespace Pbx.Benchmarks;

/// <summary>Reading and writing SIP messages: bytes to a message that passed judgement, and a message to bytes.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private SipRequest invite = null!;

    [GlobalSetup]
    public void ReadOnce()
    {
        if (ParseRegister() != SipRejection.None || ParseInvite() != SipRejection.None) throw new InvalidOperationException("A sample is malformed.");
        invite = (SipRequest)SipParser.Parse(SampleMessages.Invite).Message!;
        invite.Source = new IPEndPoint(IPAddress.Parse("198.51.100.7"), 5060);
    }

    [Benchmark]
    public bool Register() => ParseRegister() == SipRejection.None;

    [Benchmark]
    public bool Invite() => ParseInvite() == SipRejection.None;

    [Benchmark]
    public int WriteOk() => SipResponseBuilder.For(invite, 200, "p000123456789abcdef0123456").Add(HeaderId.Contact, "<sip:192.0.2.1:5060>")
        .Add(HeaderId.Allow, "ACK, BYE, CANCEL, INFO, INVITE, OPTIONS, PRACK, UPDATE").Build().Bytes.Length;

    private static SipRejection ParseRegister() => SipValidator.ParseAndJudge(SampleMessages.Register).Rejection;

    private static SipRejection ParseInvite() => SipValidator.ParseAndJudge(SampleMessages.Invite).Rejection;
}
