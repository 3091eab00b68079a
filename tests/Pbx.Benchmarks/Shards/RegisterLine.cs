using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Pbx.Sip.Transport;

namespace Pbx.Benchmarks.Shards;

/// <summary>Registers its extension again and again, each time with a challenge.</summary>
internal sealed class RegisterLine(Phones phones, int index, Flow flow) : Line(phones, index, flow)
{
    private readonly string user = House.UserOf(index);
    private readonly string number = House.NumberOf(index);
    private readonly string secret = Hash($"{House.UserOf(index)}:pbx:{House.PasswordOf(index)}");
    private readonly string what = Hash("REGISTER:sip:127.0.0.1");
    private bool answers;

    protected override void First()
    {
        answers = false;
        Send(Write(default));
    }

    protected override void Answered(int status, ReadOnlySpan<byte> message)
    {
        if (status == 200) Finish();
        else if (status == 401 && !answers && Challenge(message) is { Length: > 0 } nonce)
        {
            answers = true;
            Send(Write(nonce));
        }
        else Fail(message);
    }

#pragma warning disable CA5351 // RFC 7616: it is what is measured, because most phones choose it.
    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5351

    /// <summary>The nonce of the challenge by MD5, as the phones of most makers choose.</summary>
    private static string Challenge(ReadOnlySpan<byte> message)
    {
        while (Between(message, "\r\nWWW-Authenticate: "u8, "\r\n"u8) is { Length: > 0 } challenge)
        {
            if (challenge.IndexOf("algorithm=MD5"u8) >= 0) return Encoding.ASCII.GetString(Between(challenge, "nonce=\""u8, "\""u8));
            message = message[(message.IndexOf(challenge) + challenge.Length)..];
        }
        return "";
    }

    private int Write(string? nonce)
    {
        var (step, cseq) = nonce is null ? ('a', 2 * Number) : ('b', 2 * Number + 1);
        Utf8.TryWrite(Room, $"REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {Address}:{Port};branch=z9hG4bK{Index}-{Number}-{step};rport\r\nMax-Forwards: 70\r\nFrom: <sip:{number}@127.0.0.1>;tag=t{Number}\r\nTo: <sip:{number}@127.0.0.1>\r\nCall-ID: r{Index}@{Address}\r\nCSeq: {cseq} REGISTER\r\nContact: <sip:{number}@{Address}:{Port}>\r\nExpires: 3600\r\n", out var length);
        if (nonce is not null)
        {
            Utf8.TryWrite(Room[length..], $"Authorization: Digest username=\"{user}\",realm=\"pbx\",nonce=\"{nonce}\",uri=\"sip:127.0.0.1\",response=\"{Hash($"{secret}:{nonce}:00000001:6b8b4567:auth:{what}")}\",algorithm=MD5,cnonce=\"6b8b4567\",qop=auth,nc=00000001\r\n", out var credentials);
            length += credentials;
        }
        "Content-Length: 0\r\n\r\n"u8.CopyTo(Room[length..]);
        return length + 21;
    }
}
