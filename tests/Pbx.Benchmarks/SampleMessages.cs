using System.Text;

namespace Pbx.Benchmarks;

/// <summary>Messages as phones send them.</summary>
internal static class SampleMessages
{
    /// <summary>A registration with credentials: 600 bytes.</summary>
    public static byte[] Register { get; } = Bytes("""
        REGISTER sip:192.0.2.1:5060 SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK-524287-1-3;rport
        Max-Forwards: 70
        From: "Alice Martin" <sip:101@192.0.2.1>;tag=8a7b6c5d
        To: <sip:101@192.0.2.1>
        Call-ID: 1-2718@198.51.100.7
        CSeq: 2 REGISTER
        Contact: <sip:101@198.51.100.7:5060;transport=udp>
        Expires: 3600
        Authorization: Digest username="101",realm="pbx",nonce="AAAAAGl4c2VwdGVtYmVyLW9uLXRoZS1yb2FkLTEyMzQ1Ng",uri="sip:192.0.2.1:5060",response="0123456789abcdef0123456789abcdef",algorithm=MD5,cnonce="6b8b4567",qop=auth,nc=00000001
        User-Agent: Phone/1.0
        Content-Length: 0


        """);

    /// <summary>What a phone offers.</summary>
    public const string Offer = """
        v=0
        o=- 3456 3456 IN IP4 198.51.100.7
        s=-
        c=IN IP4 198.51.100.7
        t=0 0
        m=audio 11780 RTP/AVP 8 0 9 101
        a=rtpmap:8 PCMA/8000
        a=rtpmap:0 PCMU/8000
        a=rtpmap:9 G722/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-16
        a=ptime:20
        a=sendrecv

        """;

    /// <summary>A call with that offer.</summary>
    public static byte[] Invite { get; } = Bytes($"""
        INVITE sip:102@192.0.2.1 SIP/2.0
        Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK-524287-1-5;rport
        Max-Forwards: 70
        From: "Alice Martin" <sip:101@192.0.2.1>;tag=8a7b6c5d
        To: <sip:102@192.0.2.1>
        Call-ID: 2-2718@198.51.100.7
        CSeq: 1 INVITE
        Contact: <sip:101@198.51.100.7:5060>
        Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, INFO
        Supported: 100rel, timer, replaces
        User-Agent: Phone/1.0
        Content-Type: application/sdp
        Content-Length: {Offer.Length + Offer.Count(c => c == '\n')}

        {Offer}
        """);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
