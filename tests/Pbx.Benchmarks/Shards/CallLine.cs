using System.Text;
using System.Text.Unicode;
using Pbx.Sip.Transport;

namespace Pbx.Benchmarks.Shards;

/// <summary>Calls the menu and hangs up as soon as it answers.</summary>
internal sealed class CallLine(Phones phones, int index, Flow flow) : Line(phones, index, flow)
{
    private static readonly byte[] Offer = Encoding.ASCII.GetBytes(SampleMessages.Offer.ReplaceLineEndings("\r\n"));

    private byte[] callId = [];
    private bool hungUp;

    protected override void First()
    {
        (callId, hungUp) = (Encoding.ASCII.GetBytes($"c{Index}-{Number}@{Address}"), false);
        Utf8.TryWrite(Room, $"INVITE sip:{House.Menu}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {Address}:{Port};branch=z9hG4bK{Index}-{Number}-i;rport\r\nMax-Forwards: 70\r\nFrom: <sip:+33612345678@{Address}>;tag=t{Number}\r\nTo: <sip:{House.Menu}@127.0.0.1>\r\nCall-ID: c{Index}-{Number}@{Address}\r\nCSeq: 1 INVITE\r\nContact: <sip:provider@{Address}:{Port}>\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, INFO\r\nSupported: timer\r\nContent-Type: application/sdp\r\nContent-Length: {Offer.Length}\r\n\r\n", out var length);
        Offer.CopyTo(Room[length..]);
        Send(length + Offer.Length);
    }

    protected override void Answered(int status, ReadOnlySpan<byte> message)
    {
        var isBye = message.IndexOf(" BYE\r\n"u8) >= 0;
        // While the machine is slow an answer comes twice: to this call's INVITE, or one of an earlier call.
        if (!Between(message, "\r\nCall-ID: "u8, "\r\n"u8).SequenceEqual(callId) || (hungUp && !isBye && status == 200)) Pause();
        else if (status == 200 && isBye) Finish();
        else if (status != 200) Fail(message);
        else if (Between(message, "\r\nTo: "u8, "\r\n"u8) is { Length: > 0 } to)
        {
            // It is gone from the message by the time at which the second one is written.
            hungUp = true;
            var callee = Encoding.ASCII.GetString(to);
            SendUnanswered(Write("ACK", 1, callee));
            Send(Write("BYE", 2, callee));
        }
        else Fail(message);
    }

    private int Write(string method, int cseq, string callee)
    {
        Utf8.TryWrite(Room, $"{method} sip:{House.Menu}@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {Address}:{Port};branch=z9hG4bK{Index}-{Number}-{method};rport\r\nMax-Forwards: 70\r\nFrom: <sip:+33612345678@{Address}>;tag=t{Number}\r\nTo: {callee}\r\nCall-ID: c{Index}-{Number}@{Address}\r\nCSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n", out var length);
        return length;
    }
}
