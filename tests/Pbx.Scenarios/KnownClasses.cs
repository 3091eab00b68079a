namespace Pbx.Scenarios;

/// <summary>
/// The messages of each class of defects that took other servers down, brought in by the one who reads them. None is a copy of what was sent to
/// those: each is the class, in a few forms.
/// </summary>
internal static class KnownClasses
{
    private const string Key = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";

    /// <summary>Each class with its messages.</summary>
    public static IReadOnlyDictionary<string, Draft[]> All { get; } = new Dictionary<string, Draft[]>
    {
        ["method without end in CSeq"] =
        [
            new("5,000 letters in CSeq alone", "OPTIONS", 400) { CSeq = $"1 {new string('A', 5000)}" },
            new("5,000 letters in both", new string('A', 5000), 501),
            new("more than a header field may have", new string('A', 9000), 400),
            new("no method in CSeq", "OPTIONS", 400) { CSeq = "1" },
            new("a number of 2^32 in CSeq", "OPTIONS", 400) { CSeq = "4294967296 OPTIONS" },
        ],
        ["multipart without boundary or parts"] =
        [
            new("no boundary", "INVITE", 415) { Type = "multipart/mixed", Body = $"--x\r\nContent-Type: application/sdp\r\n\r\n{Draft.Offer()}\r\n--x--\r\n" },
            new("an empty boundary", "INVITE", 415) { Type = "multipart/mixed;boundary=\"\"", Body = $"--\r\nContent-Type: application/sdp\r\n\r\n{Draft.Offer()}\r\n----\r\n" },
            new("no parts", "INVITE", 415) { Type = "multipart/mixed;boundary=x", Body = "--x--\r\n" },
            new("nothing but line ends", "INVITE", 415) { Type = "multipart/mixed;boundary=x", Body = "\r\n\r\n" },
            new("a part without end", "INVITE", 415) { Type = "multipart/mixed;boundary=x", Body = "--x\r\nContent-Type: application/sdp" },
            new("parts in parts, 500 deep", "INVITE", 415) { Type = "multipart/mixed;boundary=x", Body = Nested(500) },
            new("a part that is right", "INVITE", 200) { Type = "multipart/mixed;boundary=x", Body = $"--x\r\nContent-Type: application/sdp\r\n\r\n{Draft.Offer()}\r\n--x--\r\n" },
        ],
        ["format or fmtp that is none"] =
        [
            Invite("formats that are no numbers", 488, media: "m=audio 9 RTP/AVP x -1 99999999999 8x"),
            Invite("no format", 488, media: "m=audio 9 RTP/AVP"),
            Invite("no profile", 488, media: "m=audio 9"),
            Invite("a port of 70000", 488, media: "m=audio 70000 RTP/AVP 8"),
            Invite("an fmtp of nothing", 200, lines: "a=fmtp\r\na=fmtp:\r\na=fmtp:8\r\na=fmtp: \r\na=fmtp:101\r\n"),
            Invite("an fmtp without end", 200, lines: $"a=fmtp:8 {new string('f', 20_000)}\r\n"),
            Invite("an rtpmap of nothing", 200, media: "m=audio 9 RTP/AVP 8", lines: "a=rtpmap:8\r\na=rtpmap\r\na=rtpmap:\r\n"),
            Invite("a clock of zero", 488, media: "m=audio 9 RTP/AVP 96", lines: "a=rtpmap:96 PCMA/0\r\n"),
            Invite("a clock of 10^20", 488, media: "m=audio 9 RTP/AVP 96", lines: "a=rtpmap:96 PCMA/100000000000000000000\r\n"),
            Invite("packets of no and of endless time", 200, lines: "a=ptime:0\r\na=ptime:-1\r\na=ptime:4294967296\r\na=maxptime:0\r\n"),
        ],
        ["more header fields than an array holds"] =
        [
            Subscribe("100 Accept", 200, string.Concat(Enumerable.Range(0, 100).Select(i => $"Accept: application/x-{i}\r\n"))),
            Subscribe("300 values in one Accept", 200, $"Accept: {string.Join(", ", Enumerable.Range(0, 300).Select(i => $"application/x-{i}"))}\r\n"),
            Subscribe("250 Accept", 400, string.Concat(Enumerable.Range(0, 250).Select(i => $"Accept: application/x-{i}\r\n"))),
            new("100 Via", "OPTIONS", 483) { Extra = string.Concat(Enumerable.Range(0, 100).Select(i => $"Via: SIP/2.0/UDP 127.0.0.9;branch=z9hG4bK{i}\r\n")) },
            // Ten are kept, the last ones: a device's own oldest gives way.
            new("150 Contact", "REGISTER", 200) { Extra = string.Concat(Enumerable.Range(0, 150).Select(i => $"Contact: <sip:c{i}@127.0.0.9>\r\n")), Uri = "sip:127.0.0.1", To = "To: <sip:{user}@127.0.0.1>" },
        ],
        ["From or To without tag or address"] =
        [
            new("an empty tag in From", "OPTIONS", 200, 400) { From = "From: <sip:{user}@127.0.0.1>;tag=" },
            new("an empty tag in To", "OPTIONS", 200, 400, 481) { To = "To: <sip:800@127.0.0.1>;tag=" },
            new("an empty tag in To of an INVITE", "INVITE", 400, 481) { To = "To: <sip:800@127.0.0.1>;tag=", Body = Draft.Offer() },
            new("a tag without value", "INVITE", 200, 400) { From = "From: <sip:{user}@127.0.0.1>;tag", Body = Draft.Offer() },
            new("an empty From", "OPTIONS", 400) { From = "From:" },
            new("an empty To", "OPTIONS", 400) { To = "To:" },
            new("nothing but a tag in From", "OPTIONS", 400) { From = "From: ;tag=x" },
            new("nothing but brackets in To", "INVITE", 400) { To = "To: <>", Body = Draft.Offer() },
            new("no From", "OPTIONS", 400) { From = "X-From: none" },
            new("no To", "INVITE", 400) { To = "X-To: none", Body = Draft.Offer() },
        ],
        ["keys, types and lines beyond a table"] =
        [
            Invite("64 keys", 200, lines: string.Concat(Enumerable.Range(1, 64).Select(tag => $"a=crypto:{tag} AES_CM_128_HMAC_SHA1_80 {Key}\r\n"))),
            Invite("keys with tags that are none", 200, lines: string.Concat(((string[])["", "x", "-1", "99999999999"]).Select(tag => $"a=crypto:{tag} AES_CM_128_HMAC_SHA1_80 {Key}\r\n"))),
            Invite("nothing but 64 keys of no suite", 488, media: "m=audio 9 RTP/SAVP 8", lines: string.Concat(Enumerable.Range(1, 64).Select(tag => $"a=crypto:{tag} NONE_{tag} {Key}\r\n"))),
            Invite("the types 128, 255 and 256", 200, media: "m=audio 9 RTP/AVP 8 128 255 256", lines: "a=rtpmap:255 PCMA/8000\r\na=rtpmap:128 PCMU/8000\r\na=rtpmap:256 G722/8000\r\n"),
            Invite("nothing but the type 255", 488, media: "m=audio 9 RTP/AVP 255", lines: "a=rtpmap:255 PCMA/8000\r\n"),
            Invite("redundancy over a static type", 200, lines: "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 red/8000\r\na=fmtp:0 8/8/8/8/8/8/8/8\r\n", media: "m=audio 9 RTP/AVP 0 8"),
            Invite("redundancy of itself alone", 488, lines: "a=rtpmap:96 red/8000\r\na=fmtp:96 96/96\r\n", media: "m=audio 9 RTP/AVP 96"),
            Invite("1,000 lines of media", 488, media: string.Concat(Enumerable.Repeat("m=audio 9 RTP/AVP 8\r\n", 1000))),
            Invite("200 types", 200, media: $"m=audio 9 RTP/AVP 8 {string.Join(' ', Enumerable.Range(0, 200))}"),
        ],
        ["XML and JSON without floor"] =
        [
            new("XML, 10,000 deep, in MESSAGE", "MESSAGE", 405) { Type = "application/im-iscomposing+xml", Body = Deep("<a>", "</a>", 4000) },
            new("XML, 10,000 deep, in PUBLISH", "PUBLISH", 405) { Type = "application/pidf+xml", Extra = "Event: presence\r\n", Body = Deep("<a>", "</a>", 4000) },
            new("XML, 10,000 deep, in INFO without dialog", "INFO", 405, 481) { Type = "application/media_control+xml", Body = Deep("<a>", "</a>", 4000) },
            new("JSON, 20,000 deep, in INVITE", "INVITE", 415) { Type = "application/json", Body = Deep("[", "]", 20_000) },
            new("entities that grow, in NOTIFY", "NOTIFY", 405, 481) { Type = "application/pidf+xml", Extra = "Event: presence\r\n", Body = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]><a>&c;&c;</a>" },
        ],
        ["Content-Length that is no length"] =
            [.. ((string[])["2147483648", "4294967295", "4294967296", "9223372036854775808", "18446744073709551616", "-1", "-2147483648", "0x10", "1e3", "", " ", "99999"])
                .Select(length => new Draft($"a Content-Length of '{length}'", "INVITE", 400, 513) { Length = length, Body = Draft.Offer() })],
        ["host that no resolver may see"] =
            [.. Hosts.Select(host => new Draft($"a Request-URI at {Short(host)}", "INVITE", 200, 400) { Uri = $"sip:800@{host}", Body = Draft.Offer() }),
                .. Hosts.Select(host => new Draft($"a From at {Short(host)}", "INVITE", 200, 400) { From = $"From: <sip:101@{host}>;tag=x", Body = Draft.Offer() }),
                .. Hosts.Select(host => new Draft($"a route by {Short(host)}", "INVITE", 200, 400) { Extra = $"Route: <sip:{host};lr>\r\n", Body = Draft.Offer() })],
        ["credentials without realm, Identity without semicolon"] =
        [
            .. ((string[])["Digest", "", "Digest ", "Digest username=\"{user}\"", "Digest username=\"{user}\", nonce=\"x\", uri=\"sip:800@127.0.0.1\", response=\"0\"", "Digest realm", "Digest realm=",
                "Digest realm=\"", "Digest ,,,,", "Basic dTpw", "Bearer x", "Digest realm=\"x\" realm=\"x\""])
                .Select(value => new Draft($"Authorization: {value}", "INVITE", 200, 400, 401) { Extra = $"Authorization: {value}\r\nProxy-Authorization: {value}\r\n", Body = Draft.Offer() }),
            .. ((string[])["abc", "", ";", "\"", "<>", "eyJhbGciOiJFUzI1NiJ9..sig"])
                .Select(value => new Draft($"Identity: {value}", "INVITE", 200, 400) { Extra = $"Identity: {value}\r\nIdentity-Info: {value}\r\n", Body = Draft.Offer() }),
        ],
    };

    /// <summary>Those whose body is what is wrong.</summary>
    public static IEnumerable<Draft> Descriptions =>
        ((string[])["multipart without boundary or parts", "format or fmtp that is none", "keys, types and lines beyond a table"]).SelectMany(name => All[name]);

    // A label of 64 letters, one name of 300, empty labels, what only looks like an address, what is no letter at all.
    private static string[] Hosts => [$"{new string('a', 64)}.example", string.Join('.', Enumerable.Repeat("abcdefghi", 30)), "..", "a..b", "-", ".", "999.999.999.999", "[::1", "[1:2:3:4:5:6:7:8:9]", "%00",
        "xn--\u0001", "a\\b", "::", new string('a', 6000)];

    private static Draft Invite(string what, int answer, string media = "m=audio 9 RTP/AVP 8 101", string lines = "") => new(what, "INVITE", answer) { Body = Draft.Offer(media, lines) };

    private static Draft Subscribe(string what, int answer, string lines) => new(what, "SUBSCRIBE", answer)
    {
        Uri = "sip:{user}@127.0.0.1", Extra = $"Event: message-summary\r\nExpires: 0\r\n{lines}",
    };

    private static string Nested(int depth) => string.Concat(Enumerable.Range(0, depth).Select(i => $"--{(i == 0 ? "x" : $"x{i}")}\r\nContent-Type: multipart/mixed;boundary=x{i + 1}\r\n\r\n")) + "--x--\r\n";

    private static string Deep(string opening, string closing, int depth) => string.Concat(Enumerable.Repeat(opening, depth)) + string.Concat(Enumerable.Repeat(closing, depth));

    private static string Short(string text) => text.Length > 20 ? $"{text[..20]}… ({text.Length} letters)" : text.Replace("\u0001", "\\u0001", StringComparison.Ordinal);
}
