using System.Net;
using System.Security.Authentication;
using System.Text;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Messages;
using Pbx.Sip.Sdp;
using Pbx.Sip.Tests.Messages;
using Pbx.Sip.Tests.Transport;
using Pbx.Sip.Transport;
using Pbx.Testing.Fuzz;

namespace Pbx.Sip.Tests.Fuzz;

/// <summary>
/// Each reader of what the network brings, with hostile inputs from a seed: none throws and none hangs. 100,000 inputs each; for long runs
/// see <see cref="FuzzSettings"/>.
/// </summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private delegate void Reader(byte[] input);

    private static readonly Dictionary<string, (Func<byte[][]> Corpus, Func<Reader> Reader)> Readers = new()
    {
        ["SIP message"] = (SipMessages, () => input => TortureTests.Touch(input)),
        ["SIP in a stream"] = (SipMessages, () => ReadStream),
        ["TLS greeting"] = (Greetings, () => input => ClientHello.TakesElliptic(input)),
        ["SDP"] = (Descriptions, () => ReadDescription),
        ["RTP"] = (Packets, () => ReadRtp),
        ["RTCP"] = (Packets, () => input => Rtcp.TryRead(input, 1, out _)),
        ["WAV"] = (Sounds, () => input => WavFile.Parse(input)),
        ["SRTP, AES-CM"] = (Packets, () => Srtp(SrtpSuites.All[0])),
        ["SRTP, GCM"] = (Packets, () => Srtp(SrtpSuites.All[^1])),
    };

    public static TheoryData<string> Names => [.. Readers.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Reader_OfHostileInputs_NeitherThrowsNorHangs(string name)
    {
        var (seed, inputs) = (FuzzSettings.Seed, FuzzSettings.Inputs(100_000));
        var (corpus, reader) = (Readers[name].Corpus(), Readers[name].Reader());
        var mutator = new Mutator(new Random(seed), corpus);
        foreach (var good in corpus) reader([.. good]);
        for (var i = 0; i < inputs; i++)
        {
            var input = mutator.Next();
            try
            {
                reader(input);
            }
            catch (Exception exception)
            {
                Assert.Fail($"PBX_SEED={seed}, input {i}: {exception}\n{Convert.ToHexString(input)}\n{Encoding.Latin1.GetString(input)}");
            }
        }
        output.WriteLine($"{inputs} inputs from seed {seed}");
    }

    private static void ReadStream(byte[] input)
    {
        // However it is cut, a stream is read on or given up: a frame takes something, or waits for more.
        for (var rest = input.AsSpan(); ;)
        {
            var frame = SipFramer.Next(rest);
            if (frame.Kind == FrameKind.Incomplete || frame.Start + frame.Length == 0) return;
            rest = rest[(frame.Start + frame.Length)..];
        }
    }

    private static void ReadDescription(byte[] input)
    {
        if (!SdpParser.TryParse(input, out var session)) return;
        var local = new LocalDescription { Rtp = new IPEndPoint(IPAddress.Loopback, 10000), Origin = new SdpOrigin("-", "42", 1, "127.0.0.1") };
        _ = OfferAnswer.Answer(session, local);
        _ = OfferAnswer.ReadAnswer(OfferAnswer.MakeOffer(local), session);
    }

    private static void ReadRtp(byte[] input)
    {
        _ = Demultiplexer.Classify(input);
        if (RtpHeader.TryRead(input, out var header)) _ = input.AsSpan(header.PayloadOffset, header.PayloadLength).ToArray();
    }

    private static Reader Srtp(SrtpSuite suite)
    {
        var context = new SrtpContext(SrtpKey.Create(suite));
        return input =>
        {
            if (context.Unprotect([.. input]) >= 0 || context.UnprotectRtcp([.. input]) >= 0) throw new InvalidOperationException("A packet that nobody sealed was taken.");
        };
    }

    private static byte[][] Greetings() => [ClientHelloTests.SaidWith(SslProtocols.Tls12), ClientHelloTests.SaidWith(SslProtocols.Tls12 | SslProtocols.Tls13)];

    private static byte[][] SipMessages() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", "rfc4475"), "*.dat").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", "rfc4475"), "*.dat").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            .Select(message => message.Concat(Descriptions()[0]).ToArray()),
        Encoding.ASCII.GetBytes("""
            REGISTER sip:pbx.example SIP/2.0
            Via: SIP/2.0/TLS [2001:db8::9:1]:5061;branch=z9hG4bKabc;rport;alias
            Max-Forwards: 70
            From: "A \"quoted\" name" <sip:101@pbx.example;user=phone>;tag=1
            To: <sip:101@pbx.example>
            Call-ID: a@b
            CSeq: 2 REGISTER
            Contact: <sip:101@[::1]:5061;transport=tls;ob>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=60;q=0.5, *
            Authorization: Digest username="101", realm="pbx.example", nonce="n", uri="sip:pbx.example", response="0123456789abcdef0123456789abcdef", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c"
            Supported: path, outbound, gruu, timer, 100rel
            Session-Expires: 1800;refresher=uac
            Replaces: a@b;to-tag=1;from-tag=2;early-only
            Reason: SIP;cause=200;text="Call completed elsewhere", Q.850;cause=16
            RAck: 1 2 INVITE
            Refer-To: <sip:102@pbx.example?Replaces=a%40b%3Bto-tag%3D1>
            Event: message-summary;id=3
            Content-Length: 0


            """.ReplaceLineEndings("\r\n")),
    ];

    private static byte[][] Descriptions() =>
    [
        .. ((string[])[
            """
            v=0
            o=- 1 2 IN IP6 2001:db8::1
            s=-
            c=IN IP4 192.0.2.1/127
            t=0 0
            a=group:BUNDLE 0 1
            a=fingerprint:sha-256 AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99
            a=setup:actpass
            m=audio 5004/2 RTP/SAVP 9 8 0 111 101
            b=AS:64
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-16,32
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 FEC_ORDER=FEC_SRTP
            a=crypto:2 AEAD_AES_256_GCM inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
            a=ptime:20
            a=maxptime:150
            a=rtcp:5005 IN IP4 192.0.2.1
            a=rtcp-mux
            a=candidate:1 1 UDP 2130706431 192.0.2.1 5004 typ host
            a=sendonly
            m=video 0 UDP/TLS/RTP/SAVPF 96
            """,
            "v=0\no=- 0 0 IN IP4 0.0.0.0\ns=\nt=0 0\nm=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=inactive",
        ]).Select(text => Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n") + "\r\n")),
    ];

    private static byte[][] Sounds()
    {
        var sound = new byte[44 + 320];
        WavHeader.Write(sound, 8000, 320);
        return [sound, [.. sound.AsSpan(0, 12), .. "LIST"u8, 4, 0, 0, 0, .. "INFO"u8, .. sound.AsSpan(12)]];
    }

    private static byte[][] Packets()
    {
        var rtp = new byte[172];
        RtpHeader.Write(rtp, 8, true, 1, 2, 3);
        var rtcp = new byte[Rtcp.MaxSize];
        var length = Rtcp.Write(rtcp, 1, true, 2, 3, 4, 5, new ReportBlock(1, 2, 3, 4, 5, 6, 7), Rtcp.NewCname(new Random(1)), bye: false);
        return
        [
            rtp, rtcp[..length],
            [0x90, 0x08, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xBE, 0xDE, 0, 1, 0x10, 0xFF, 0, 0, 1, 2, 3, 4], // with an extension
            [0xB2, 0x80, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0xBE, 0xDE, 0, 0, 1, 2, 3, 3], // sources, extension, padding
            [0x81, 201, 0, 7, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // receiver report
            [0x81, 203, 0, 2, 0, 0, 0, 9, 2, (byte)'o', (byte)'k', 0], // goodbye
            [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], // STUN
            [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4], // DTLS
        ];
    }
}
