using System.Net;
using System.Text.Json;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Messages;

public class TortureTests
{
    public sealed record Expectation(string File, string Section, string Title, string Verdict, int[] Answers, string? Stream, string? Note);

    private static readonly string Corpus = Path.Combine(AppContext.BaseDirectory, "Corpus");

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    // By the RFC's folder and the name of the message.
    private static readonly Dictionary<(string Rfc, string File), Expectation> All = ((string[])["rfc4475", "rfc5118"]).SelectMany(rfc =>
        JsonSerializer.Deserialize<Expectation[]>(File.ReadAllText(Path.Combine(Corpus, rfc, "expected.json")), Form)!.Select(each => (rfc, each)))
        .ToDictionary(pair => (pair.rfc, pair.each.File), pair => pair.each);

    public static TheoryData<string, string> Files => new(All.Keys.Select(key => (key.Rfc, key.File)));

    private static byte[] Read(string rfc, string file) => File.ReadAllBytes(Path.Combine(Corpus, rfc, file + ".dat"));

    private static byte[] Read(string file) => Read("rfc4475", file);

    [Theory, InlineData("rfc4475", 49), InlineData("rfc5118", 12)]
    public void Corpus_AllMessages_AreThere(string rfc, int count)
    {
        var names = All.Keys.Where(key => key.Rfc == rfc).Select(key => key.File).ToList();
        Assert.Equal(count, names.Count);
        Assert.Equal(names.Select(name => name + ".dat").Order(), Directory.GetFiles(Path.Combine(Corpus, rfc), "*.dat").Select(Path.GetFileName).Order()!);
    }

    [Theory, MemberData(nameof(Files))]
    public void Message_AsDatagram_IsJudgedAsTheRfcAsks(string rfc, string file)
    {
        var expected = All[(rfc, file)];
        var result = SipValidator.ParseAndJudge(Read(rfc, file));
        Assert.Equal(Enum.Parse<SipRejection>(expected.Verdict), result.Rejection);
        if (result.Message is { } message)
            message.Source = new IPEndPoint(IPAddress.Loopback, 40000);
        var answer = SipRejections.Respond(result.Message, result.Rejection, "t");
        if (result.Rejection == SipRejection.None)
            Assert.Null(answer);
        else if (expected.Answers.Length == 0)
            Assert.Null(answer);
        else
        {
            Assert.Contains(answer!.Status, expected.Answers);
            Assert.NotNull(SipParser.Parse(answer.Bytes.Span).Message);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Message_InStream_IsFramedAsTheRfcAsks(string rfc, string file)
    {
        var expected = All[(rfc, file)];
        var bytes = Read(rfc, file);
        var frame = SipFramer.Next(bytes);
        Assert.Equal(Enum.Parse<FrameKind>(expected.Stream ?? "Message"), frame.Kind);
        if (frame.Kind == FrameKind.Incomplete)
            return;
        var parsed = SipValidator.ParseAndJudge(bytes.AsSpan(frame.Start, frame.Length));
        if (file != "inv2543")
            Assert.Equal(expected.Verdict, (parsed.Rejection == SipRejection.None ? frame.Rejection : parsed.Rejection).ToString());
    }

    [Theory, MemberData(nameof(Files))]
    public void Message_CutAnywhere_NeverThrows(string rfc, string file)
    {
        var bytes = Read(rfc, file);
        for (var length = 0; length < bytes.Length; length++)
            Touch(bytes.AsSpan(0, length));
    }

    [Theory, MemberData(nameof(Files))]
    public void Message_OneByteWrong_NeverThrows(string rfc, string file)
    {
        var bytes = Read(rfc, file);
        ReadOnlySpan<byte> replacements = "\0\r\n ,;:<\"@"u8;
        // Of the longest message every eleventh byte is enough: it repeats itself.
        for (var i = 0; i < bytes.Length; i += bytes.Length > 2000 ? 11 : 1)
        {
            var original = bytes[i];
            foreach (var replacement in replacements)
            {
                bytes[i] = replacement;
                Touch(bytes);
            }
            bytes[i] = original;
        }
    }

    [Fact]
    public void Wsinv_TypedHeaders_ReadThroughTheTorture()
    {
        var message = (SipRequest)SipValidator.ParseAndJudge(Read("wsinv")).Message!;
        Assert.Equal("1918181833n", message.ToTag);
        Assert.Equal("98asjd8", message.FromTag);
        Assert.Equal("J Rosenberg \\\"", message.From.DisplayName);
        Assert.Equal(68u, message.MaxForwards);
        Assert.Equal(new CSeq(9, "INVITE"), message.CSeq);
        Assert.Equal(["UDP", "TCP", "UDP"], message.Vias.Select(via => via.Transport));
        Assert.Equal("z9hG4bK30239", message.Vias[2].Branch);
        Assert.Equal("", message.Header("Subject"));
        Assert.Equal(";;,,;;,;", message.Header("unknownheaderwithunusualvalue"));
        Assert.Equal("Quoted string \"\"", message.Contacts[0].DisplayName);
        Assert.Equal("0.33", message.Contacts[0].Parameters["q"]);
        Assert.True(message.Routes[0].Uri.IsLooseRouter);
        Assert.Equal(150, message.Body.Length);
    }

    [Fact]
    public void Baddn_WithTheEmptyLineThatTheArchiveLacks_IsRefusedForItsDisplayName() =>
        Assert.Equal(SipRejection.BadFrom, SipValidator.ParseAndJudge([.. Read("baddn"), .. "\r\n"u8]).Rejection);

    [Fact]
    public void EscapedUsers_Unescaped_KeepNulsAndReservedCharacters()
    {
        var nulls = (SipRequest)SipValidator.ParseAndJudge(Read("escnull")).Message!;
        Assert.Equal(["\0", "\0\0"], nulls.Contacts.Select(contact => contact.Uri.User));
        var semicolons = (SipRequest)SipValidator.ParseAndJudge(Read("semiuri")).Message!;
        Assert.Equal("user;par=u@example.net", semicolons.RequestUri.User);
        Assert.Equal("example.com", semicolons.RequestUri.Host);
    }

    [Fact]
    public void ContactParameters_WithAndWithoutBrackets_BelongToHeaderOrUri()
    {
        var header = SipValidator.ParseAndJudge(Read("cparam01")).Message!.Contacts[0];
        Assert.True(header.Parameters.Contains("unknownparam"));
        Assert.False(header.Uri.Parameters.Contains("unknownparam"));
        var uri = SipValidator.ParseAndJudge(Read("cparam02")).Message!.Contacts[0];
        Assert.True(uri.Uri.Parameters.Contains("unknownparam"));
        var escaped = SipValidator.ParseAndJudge(Read("regescrt")).Message!.Contacts[0];
        Assert.Equal("<sip:sip.example.com>", escaped.Uri.Headers["Route"]);
        Assert.Equal("sip:user@example.com?Route=%3Csip:sip.example.com%3E", escaped.Uri.ToString());
    }

    internal static void Touch(ReadOnlySpan<byte> bytes)
    {
        _ = SipFramer.Next(bytes);
        var result = SipValidator.ParseAndJudge(bytes);
        if (result.Message is not { } message)
            return;
        message.Source = new IPEndPoint(IPAddress.Loopback, 5060);
        if (result.Rejection == SipRejection.None)
        {
            _ = (message.CallId, message.CSeq, message.From, message.To, message.Via, message.Contacts);
            if (message is SipRequest request)
            {
                _ = SipResponseBuilder.For(request, 200, "tag").Build();
                _ = SipRequestBuilder.CancelOf(request).Build();
            }
        }
        else
            _ = SipRejections.Respond(message, result.Rejection, "tag");
        foreach (var id in message.Slots.ToArray().Select(slot => slot.Id).Distinct())
        {
            _ = message.Addresses(id);
            _ = message.Authentications(id);
            _ = message.Tokens(id);
        }
        _ = (message.Expires, message.SessionExpires, message.Replaces, message.ReferTo, message.Reasons, message.RAck, message.Event);
    }
}
