using System.Net;
using System.Text;
using CsCheck;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Messages;

public class MessageTests
{
    private const string Invite =
        "INVITE sip:100@pbx.example:5060;transport=udp SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 10.0.0.1:5062;rport;branch=z9hG4bKabc\r\nVia: SIP/2.0/TCP proxy.example;branch=z9hG4bKdef\r\n" +
        "Record-Route: <sip:p1.example;lr>,<sip:p2.example;lr>\r\nMax-Forwards: 70\r\n" +
        "f: \"Zoé \\\"A\\\", B\" <sip:200@pbx.example>;tag=ft\r\nt: <sip:100@pbx.example>\r\ni: call-1@host\r\nCSeq: 7 INVITE\r\n" +
        "m: <sip:200@10.0.0.1:5062;ob>;q=0.5\r\nk: timer, 100rel\r\nx: 1800;refresher=uac\r\nc: application/sdp\r\n" +
        "Content-Length: 5\r\n\r\nv=0\r\n";

    private static SipRequest Request(string text = Invite)
    {
        var result = SipValidator.ParseAndJudge(Encoding.UTF8.GetBytes(text));
        Assert.Equal(SipRejection.None, result.Rejection);
        return (SipRequest)result.Message!;
    }

    [Fact]
    public void Request_WithCompactForms_ReadsAllTypedHeaders()
    {
        var request = Request();
        Assert.Same(SipMethods.Invite, request.Method);
        Assert.Equal("Zoé \"A\", B", request.From.DisplayName);
        Assert.Equal("UDP", request.RequestUri.Transport);
        Assert.True(request.HasToken(HeaderId.Supported, "100REL"));
        Assert.Equal(new SessionExpires(1800, "uac"), request.SessionExpires);
        Assert.Equal(2, request.RecordRoutes.Count);
        Assert.Equal("v=0\r\n", request.BodyText);
        Assert.Equal("0.5", request.Contacts[0].Parameters["q"]);
        Assert.False(request.IsInDialog);
    }

    [Fact]
    public void Response_OfRequest_CopiesWhatTheRfcAsks()
    {
        var request = Request();
        request.Source = new IPEndPoint(IPAddress.Parse("203.0.113.9"), 61000);
        var response = SipResponseBuilder.For(request, 200, "ours").Contact(new SipUri("100", "192.0.2.1", 5060)).Build();
        var read = (SipResponse)SipParser.Parse(response.Bytes.Span).Message!;
        Assert.Equal(200, read.Status);
        Assert.Equal(2, read.Vias.Count);
        Assert.Equal("203.0.113.9", read.Via.Received);
        Assert.Equal(61000, read.Via.RPort);
        Assert.Equal("z9hG4bKabc", read.Via.Branch);
        Assert.Equal("ours", read.ToTag);
        Assert.Equal("call-1@host", read.CallId);
        Assert.Equal(["sip:p1.example;lr", "sip:p2.example;lr"], read.RecordRoutes.Select(route => route.Uri.ToString()));
        Assert.Equal(0u, read.ContentLength);
    }

    [Fact]
    public void CancelAndAck_OfInvite_KeepBranchAndNumber()
    {
        var invite = Request();
        var cancel = Request(SipRequestBuilder.CancelOf(invite).Build().ToString());
        Assert.Equal(new CSeq(7, "CANCEL"), cancel.CSeq);
        Assert.Equal("z9hG4bKabc", cancel.Via.Branch);
        Assert.Single(cancel.Vias);
        var busy = SipResponseBuilder.For(invite, 486, "theirs").Build();
        var ack = Request(SipRequestBuilder.AckOf(invite, busy).Build().ToString());
        Assert.Equal(new CSeq(7, "ACK"), ack.CSeq);
        Assert.Equal("theirs", ack.ToTag);
    }

    [Theory]
    [InlineData("x\r\nEvil: 1")]
    [InlineData("x\nEvil: 1")]
    [InlineData("x\r")]
    public void Builder_ValueWithLineEnd_IsRefused(string value)
    {
        var builder = SipRequestBuilder.Create(SipMethods.Options, new SipUri(null, "h"));
        Assert.Throws<ArgumentException>(() => builder.Add(HeaderId.Subject, value));
        Assert.Throws<ArgumentException>(() => builder.Add("X-Own", value));
        Assert.Throws<ArgumentException>(() => builder.Add(HeaderId.Contact, new NameAddress(value, new SipUri("1", "h")).ToString()));
        Assert.Throws<ArgumentException>(() => new SipUri("u", value));
        var escaped = new SipUri(value, "h").ToString();
        Assert.DoesNotContain('\r', escaped);
        Assert.DoesNotContain('\n', escaped);
    }

    [Fact]
    public void Framer_EveryPrefixOfAMessage_IsIncomplete()
    {
        var bytes = Encoding.UTF8.GetBytes(Invite);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(FrameKind.Incomplete, SipFramer.Next(bytes.AsSpan(0, length)).Kind);
        Assert.Equal(new Frame(FrameKind.Message, 0, bytes.Length, bytes.Length), SipFramer.Next(bytes));
    }

    [Fact]
    public void Framer_TwoMessagesWithKeepAlives_CutsThemApart()
    {
        var one = Encoding.UTF8.GetBytes(Invite);
        byte[] stream = [.. "\r\n\r\n"u8, .. one, .. "\r\n"u8, .. one];
        var ping = SipFramer.Next(stream);
        Assert.Equal(FrameKind.Ping, ping.Kind);
        var first = SipFramer.Next(stream.AsSpan(4));
        Assert.Equal((FrameKind.Message, one.Length), (first.Kind, first.Consumed));
        var second = SipFramer.Next(stream.AsSpan(4 + one.Length));
        Assert.Equal((FrameKind.Message, 2, one.Length + 2), (second.Kind, second.Start, second.Consumed));
    }

    [Fact]
    public void Limits_EachExceeded_IsRejectedByName()
    {
        static SipRejection Judge(string text, SipLimits limits) => SipValidator.ParseAndJudge(Encoding.UTF8.GetBytes(text), limits).Rejection;
        Assert.Equal(SipRejection.MessageTooLarge, Judge(Invite, new SipLimits { MessageBytes = 100 }));
        Assert.Equal(SipRejection.TooManyHeaders, Judge(Invite, new SipLimits { Headers = 5 }));
        Assert.Equal(SipRejection.HeaderTooLong, Judge(Invite, new SipLimits { HeaderBytes = 45 }));
        Assert.Equal(SipRejection.TooManyVias, Judge(Invite, new SipLimits { Vias = 1 }));
        Assert.Equal(FrameKind.Broken, SipFramer.Next(Encoding.UTF8.GetBytes(Invite), new SipLimits { MessageBytes = 300 }).Kind);
    }

    [Fact]
    public void Rejections_All_HaveAnAnswer()
    {
        foreach (var rejection in Enum.GetValues<SipRejection>())
        {
            var answer = SipRejections.AnswerTo(rejection);
            Assert.True(!answer.Answer || (answer.Status is >= 400 and < 600 && answer.Phrase.Length > 0));
        }
    }

    [Fact]
    public void HeaderNames_All_AreFoundByName()
    {
        foreach (var id in Enum.GetValues<HeaderId>().Where(id => id != HeaderId.Other))
        {
            Assert.False(string.IsNullOrEmpty(HeaderNames.Of(id)));
            Assert.Equal(id, HeaderNames.Find(HeaderNames.Of(id).ToUpperInvariant()));
        }
    }

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcXYZ019-._~"], 1, 12];
    private static readonly Gen<string> Any = Gen.String[Gen.Char["aZ09 \"\\<>;,?@%:é€/=&\t"], 0, 12];

    [Fact]
    public void Message_BuiltAndParsed_IsTheSame() =>
        Gen.Select(Word, Any, Word, Any, Gen.UInt[0, int.MaxValue], Gen.Byte.Array[0, 200]).Sample((user, display, tag, subject, number, body) =>
        {
            var uri = new SipUri(user, "pbx.example", 5060, SipParameters.None.With("lr").With("x", user));
            var from = new NameAddress(display, uri).WithTag(tag);
            var built = SipRequestBuilder.Create(SipMethods.Message, uri, from, new NameAddress(null, uri), $"{tag}@{user}", number)
                .Add(HeaderId.Subject, subject).PushVia(new Via("TCP", "::1", 5070, SipParameters.None.With("branch", "z9hG4bK" + tag)))
                .Body("application/octet-stream", body).Build();
            Assert.Equal(FrameKind.Message, SipFramer.Next(built.Bytes.Span).Kind);
            var result = SipValidator.ParseAndJudge(built.Bytes.Span);
            Assert.Equal(SipRejection.None, result.Rejection);
            var read = (SipRequest)result.Message!;
            Assert.Equal(display.Length == 0 ? null : display, read.From.DisplayName);
            Assert.Equal(tag, read.FromTag);
            Assert.Equal(uri.ToString(), read.RequestUri.ToString());
            Assert.Equal(user, read.RequestUri.User);
            Assert.Equal(subject.Trim(' ', '\t'), read.Header(HeaderId.Subject));
            Assert.Equal(number, read.CSeq.Number);
            Assert.Equal(("::1", 5070), (read.Via.Host, read.Via.Port));
            Assert.Equal(body, read.Body.ToArray());
            Assert.Equal(built.Slots.ToArray().Select(slot => slot.Id), read.Slots.ToArray().Select(slot => slot.Id));
        }, iter: 2000);

    [Fact]
    public void Message_RandomBytesChanged_NeverThrows()
    {
        var bytes = Encoding.UTF8.GetBytes(Invite);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length - 1], Gen.Byte).Sample((i, a, j, b) =>
        {
            var copy = (byte[])bytes.Clone();
            (copy[i], copy[j]) = (a, b);
            TortureTests.Touch(copy);
        }, iter: 5000);
    }

    [Fact]
    public void User_AnyText_SurvivesEscaping() =>
        Gen.String[1, 20].Where(text => !text.Any(char.IsSurrogate)).Sample(user =>
        {
            var uri = new SipUri(user, "h");
            Assert.True(SipUri.TryParse(uri.ToString(), out var read));
            Assert.Equal(user, read.User);
            Assert.True(uri.IsEquivalentTo(read));
        }, iter: 3000);
}
