using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Pbx.Core.Common;
using Pbx.Core.Routing;
using Pbx.Core.Trunks;
using Pbx.Testing.Peers;
using Xunit.v3;

namespace Pbx.Scenarios;

/// <summary>One server for all of them, with somebody at 101 who can be called.</summary>
public sealed class KnownClassesServer : IAsyncLifetime
{
    /// <summary>What a trunk of the company proves itself with: nobody else may see an answer made of it.</summary>
    public const string TrunkUser = "account-of-the-trunk";

    /// <summary>A number at the provider's that rings 101.</summary>
    public const string DirectNumber = "+33199000101";

    /// <summary>The server.</summary>
    public PbxProcess Pbx { get; private set; } = null!;

    /// <summary>Who is at 101.</summary>
    public PlainPeer Callee { get; private set; } = null!;

    /// <summary>Who calls, by transport.</summary>
    public IReadOnlyDictionary<string, PlainAccount> Callers { get; } = new Dictionary<string, PlainAccount>
    {
        ["UDP"] = new("102", Company.Password), ["TCP"] = new("103", Company.Password),
    };

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Pbx = await PbxProcess.StartAsync(new Dictionary<string, string>
        {
            ["PBX__Sip__Limits__CallsPerMinute"] = "5000", ["PBX__Rtp__PortRange"] = "40000-49999",
        });
        var direct = new InboundRule { Key = "direct", Name = "Direct", Site = "paris", Called = DirectNumber, Open = new(DestinationKind.Extension, "101") };
        await Pbx.ApplyAsync([.. Company.Create(), direct, new Trunk
        {
            Key = "account", Name = "Compte", Site = "paris", Host = "127.0.0.14", Port = 9, UserName = TrunkUser, AuthenticationName = TrunkUser,
            Password = new Secret("secret-of-the-trunk"), QualifySeconds = 0,
        }]);
        Callee = await OpenAsync("UDP", "127.0.0.11", new("101", Company.Password));
        Assert.Equal(200, await RegisterAsync(Callee, 3600));
    }

    /// <summary>A peer that knows a challenge.</summary>
    public async Task<PlainPeer> OpenAsync(string transport, string local, PlainAccount account)
    {
        var peer = await PlainPeer.OpenAsync(transport, local, Pbx.SipPort, account);
        if (account.Challenge is not null) return peer;
        var draft = new Draft("a question for a challenge", "REGISTER") { Uri = "sip:127.0.0.1", To = "To: <sip:{user}@127.0.0.1>" };
        account.Challenge = (await AskAsync(peer, draft, authorized: false))?.Headers("WWW-Authenticate").First(value => value.Contains("MD5", StringComparison.Ordinal));
        return peer;
    }

    /// <summary>Sends a message, sees its call to the end, and gives the final answer; null for silence.</summary>
    public async Task<SipText?> AskAsync(PlainPeer peer, Draft draft, bool authorized, double seconds = 10)
    {
        var callId = $"{Guid.NewGuid():n}@test";
        var text = draft.Write(peer, callId, authorized ? peer.Account.Authorization(draft.Method, draft.UriOf(peer)) : "");
        var answer = await peer.AskAsync(callId, text, TimeSpan.FromSeconds(seconds));
        if (answer is null) return null;
        foreach (var (method, next) in draft.After(peer, callId, text, answer))
            if (method == "ACK") await peer.SendAsync(next);
            else Assert.Equal(200, (await peer.AskAsync(callId, next, TimeSpan.FromSeconds(10)))?.Status);
        return answer;
    }

    /// <summary>Registers, or with 0 takes leave.</summary>
    public async Task<int?> RegisterAsync(PlainPeer peer, int expires, string? contact = null) => (await AskAsync(peer, new Draft("a registration", "REGISTER")
    {
        Contact = contact, Uri = "sip:127.0.0.1", To = "To: <sip:{user}@127.0.0.1>", Extra = $"Expires: {expires}\r\n",
    }, authorized: true))?.Status;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Callee.DisposeAsync();
        await Pbx.DisposeAsync();
    }
}

/// <summary>
/// Classes of defects that took other servers down, at the running process, by UDP and TCP, with valid credentials and without: each message is
/// answered sensibly, an OPTIONS after each, and at the end nothing is left.
/// </summary>
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]
public sealed class KnownClassesTests(KnownClassesServer server) : IClassFixture<KnownClassesServer>
{
    private readonly PbxProcess pbx = server.Pbx;

    public static TheoryData<string> Classes => [.. KnownClasses.All.Keys];

    [Theory, MemberData(nameof(Classes))]
    public async Task Messages_OfThisClass_AreAnsweredSensibly(string name)
    {
        List<string> wrong = [];
        foreach (var (transport, account) in server.Callers)
            foreach (var draft in KnownClasses.All[name])
                foreach (var authorized in (bool[])[true, false])
                {
                    await using var peer = await server.OpenAsync(transport, "127.0.0.12", account);
                    var answer = (await server.AskAsync(peer, draft, authorized))?.Status ?? 0;
                    if (!draft.Answers.Contains(answer) && (authorized || answer != 401)) wrong.Add($"{draft.What}, {transport}{(authorized ? ", authorized" : "")}: {answer}, not {string.Join('/', draft.Answers)}");
                    await using var other = await server.OpenAsync(transport, "127.0.0.12", account);
                    var alive = await server.AskAsync(other, new Draft("a question", "OPTIONS"), authorized: false);
                    if (alive?.Status != 200) wrong.Add($"OPTIONS after {draft.What}, {transport}: {alive?.Status}");
                }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await AssertNothingHappenedAsync();
    }

    /// <summary>The second pass: what was taken as an offer comes as an answer, and in the middle of a call.</summary>
    [Fact]
    public async Task Descriptions_InAnAnswerAndInTheMiddleOfACall_EndItAtWorst()
    {
        await using var caller = await server.OpenAsync("UDP", "127.0.0.12", server.Callers["UDP"]);
        foreach (var draft in KnownClasses.Descriptions)
        {
            var body = draft.Body.Replace("{address}", "127.0.0.11", StringComparison.Ordinal);
            server.Callee.OnRequest = request => [Accepted(request, body, draft.Type)];
            var answer = await server.AskAsync(caller, new Draft(draft.What, "INVITE") { Uri = "sip:101@127.0.0.1", Body = Draft.Offer() }, authorized: true, seconds: 20);
            Assert.True(answer?.Status is 200 or 480 or 488, $"{draft.What} as an answer: {answer?.Status}");
            server.Callee.OnRequest = null;

            Assert.True(await ReofferedAsync(caller, draft) is 200 or 415 or 488, draft.What);
        }
        await AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task HeaderFields_WithSpaceBeforeTheirColon_AreThoseHeaderFields_AndNotPassedOn()
    {
        const string claimed = "+33999999999";
        var lines = string.Concat(((string[])["P-Asserted-Identity :", "P-Asserted-Identity\t:", "p-asserted-identity  :", "P-Asserted-Identity:", "P-Preferred-Identity :", "Remote-Party-ID :", "Diversion :", "P-Charging-Vector :"])
            .Select(start => $"{start} <sip:{claimed}@127.0.0.1>\r\n"));
        server.Callee.OnRequest = request => [request.Reply(request.Method == "INVITE" ? 486 : 200, "callee")];
        foreach (var (transport, account) in server.Callers)
        {
            await using var caller = await server.OpenAsync(transport, "127.0.0.12", account);
            Assert.NotNull(await server.AskAsync(caller, new Draft("claims", "INVITE") { Uri = "sip:101@127.0.0.1", Body = Draft.Offer(), Extra = lines }, authorized: true));
        }
        server.Callee.OnRequest = null;

        var seen = server.Callee.Requests.Where(request => request.Method == "INVITE").ToList();
        Assert.True(seen.Count >= 2);
        Assert.All(seen, invite => Assert.DoesNotContain(claimed, invite.Text, StringComparison.Ordinal));
        Assert.All(seen, invite => Assert.DoesNotContain("P-Asserted-Identity", invite.Text, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(claimed, (await pbx.RecordsAsync()).ToJsonString(), StringComparison.Ordinal);
        await AssertNothingHappenedAsync();
    }

    /// <summary>What strangers, devices and providers call themselves is shown to people: as text, without what steers a terminal, of bounded length.</summary>
    [Fact]
    public async Task Names_WithControlCharactersOrWithoutEnd_AreTextWhereverTheyAreShown()
    {
        const string steering = "\u001b[2J\u001b]0;owned\u0007\u0008\u0001";
        string[] names = [$"\"{steering}evil\"", "\"\\\u001b[2J\\\u0001quoted\"", $"\"{new string('n', 512)}\"", $"\"{new string('n', 7000)}\"", "\"<script>alert(1)</script>\"", "\"=cmd|' /C calc'!A0\""];
        server.Callee.OnRequest = request => [request.Reply(request.Method == "INVITE" ? 486 : 200, "callee")];
        await using var provider = await PlainPeer.OpenAsync("UDP", "127.0.0.2", pbx.SipPort, new("+33612345678", ""));
        await using var device = await server.OpenAsync("UDP", "127.0.0.12", server.Callers["UDP"]);
        var nobody = new PlainAccount("nobody", "wrong");
        await (await server.OpenAsync("UDP", "127.0.0.13", nobody)).DisposeAsync();
        await using var stranger = await server.OpenAsync("UDP", "127.0.0.13", new($"no{steering}body", "wrong") { Challenge = nobody.Challenge });
        foreach (var name in names)
        {
            // By the provider a name is taken as it says; a device has the name of its extension; nobody takes a message.
            var incoming = new Draft("a name", "INVITE") { Uri = $"sip:{KnownClassesServer.DirectNumber}@127.0.0.1", From = $"From: {name} <sip:%1b%5b2J{{user}}@127.0.0.1>;tag=n", Body = Draft.Offer() };
            var answer = await server.AskAsync(provider, incoming, authorized: false);
            Assert.True(answer?.Status is 200 or 400, $"{name}: {answer?.Status}");
            Assert.Equal(200, (await server.AskAsync(device, new Draft("a name", "INVITE") { From = $"From: {name} <sip:{{user}}@127.0.0.1>;tag=n", Body = Draft.Offer(), Extra = $"User-Agent: {name}\r\n" }, authorized: true))?.Status);
            Assert.Equal(405, (await server.AskAsync(device, new Draft("a name", "MESSAGE") { From = $"From: {name} <sip:{{user}}@127.0.0.1>;tag=n", Body = steering, Type = "text/plain" }, authorized: true))?.Status);
        }
        var registration = new Draft("a name", "REGISTER") { Uri = "sip:127.0.0.1", To = "To: <sip:{user}@127.0.0.1>", Extra = $"User-Agent: {steering}{new string('u', 5000)}\r\nExpires: 3600\r\n" };
        Assert.Equal(200, (await server.AskAsync(device, registration, authorized: true))?.Status);
        var guess = new Draft("a name", "REGISTER") { Uri = "sip:127.0.0.1", From = "From: <sip:101@127.0.0.1>;tag=s", To = "To: <sip:101@127.0.0.1>", Contact = "<sip:101@127.0.0.13>", Extra = $"User-Agent: {steering}\r\n" };
        Assert.Equal(401, (await server.AskAsync(stranger, guess, authorized: true))?.Status);
        await pbx.EventuallyAsync(() => Task.FromResult(pbx.Log.Contains("no?[2J", StringComparison.Ordinal)), "the wrong password is in the log", 20);
        server.Callee.OnRequest = null;

        Assert.All(server.Callee.Requests, request => Assert.DoesNotContain(request.Text, c => c is < ' ' and not ('\r' or '\n')));
        await pbx.EventuallyAsync(async () => (await pbx.RecordsAsync()).ToJsonString().Contains("evil", StringComparison.Ordinal), "the records are written");
        Assert.All(await ShownAsync(), text => Assert.True(text.Length < 2000 && !text.Any(char.IsControl), text));
        Assert.Equal(200, await server.RegisterAsync(device, 0));
        Assert.All(pbx.Log.Split('\n'), line => Assert.DoesNotContain(line, char.IsControl));
        await AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task Requests_OfEveryMethod_WithoutCredentials_DoNothing()
    {
        foreach (var (transport, account) in server.Callers)
            foreach (var method in (string[])["REGISTER", "INVITE", "SUBSCRIBE", "MESSAGE", "PUBLISH", "REFER", "NOTIFY", "INFO", "UPDATE", "PRACK", "BYE", "OPTIONS"])
            {
                await using var peer = await server.OpenAsync(transport, "127.0.0.13", account with { Challenge = "realm=\"x\", nonce=\"y\"" });
                var answer = await server.AskAsync(peer, new Draft("a question", method) { To = "To: <sip:101@127.0.0.1>", Extra = method == "SUBSCRIBE" ? "Event: message-summary\r\n" : "" }, authorized: false);
                int[] expected = method switch
                {
                    "REGISTER" or "INVITE" or "SUBSCRIBE" => [401],
                    "OPTIONS" => [200],
                    _ => [401, 405, 481],
                };
                Assert.True(expected.Contains(answer?.Status ?? 0), $"{method} by {transport}: {answer?.Status}");
            }
        await AssertNothingHappenedAsync();
    }

    /// <summary>A phone that asks for credentials, for whatever realm, learns nothing that was made with a password of ours.</summary>
    [Fact]
    public async Task Challenges_OfACalledPhone_AreNotAnswered()
    {
        var before = server.Callee.Requests.Count;
        await using var caller = await server.OpenAsync("UDP", "127.0.0.12", server.Callers["UDP"]);
        var ours = caller.Account.Challenge!;
        foreach (var challenge in (string[])[ours, "Digest realm=\"127.0.0.14\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"", $"Digest realm=\"{KnownClassesServer.TrunkUser}\", nonce=\"abc\""])
            foreach (var status in (int[])[401, 407])
            {
                var asks = $"{(status == 401 ? "WWW" : "Proxy")}-Authenticate: {challenge}\r\n";
                server.Callee.OnRequest = request => [request.Reply(status, "callee", asks)];
                Assert.NotNull(await server.AskAsync(caller, new Draft("a call", "INVITE") { Uri = "sip:101@127.0.0.1", Body = Draft.Offer() }, authorized: true));
                // Accepted, and the question comes with the BYE.
                server.Callee.OnRequest = request => [request.Method == "INVITE" ? Accepted(request, Draft.Offer().Replace("{address}", "127.0.0.11", StringComparison.Ordinal)) : request.Reply(status, "callee", asks)];
                Assert.Equal(200, (await server.AskAsync(caller, new Draft("a call", "INVITE") { Uri = "sip:101@127.0.0.1", Body = Draft.Offer() }, authorized: true))?.Status);
            }
        await pbx.EventuallyAsync(() => Task.FromResult(server.Callee.Requests.Skip(before).Count(request => request.Method == "BYE") >= 6), "each call that was accepted is ended", 20);
        server.Callee.OnRequest = null;
        var asked = server.Callee.Requests.Skip(before).ToList();
        Assert.All(asked, request => Assert.DoesNotContain("Authorization", request.Text, StringComparison.OrdinalIgnoreCase));
        await AssertNothingHappenedAsync();
    }

    [Fact]
    public async Task WebSocketFrames_ThatNoLibrarySends_EndTheirConnectionAtWorst()
    {
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(await pbx.RootFileAsync()));
        var question = Encoding.ASCII.GetBytes(Draft.Options("WSS"));
        byte[] Empty(int opcode, bool final) => RawWebSocket.Frame(opcode, [], final);
        (string What, byte[] Octets, bool? Ends)[] all =
        [
            ("nothing in a text", Empty(1, true), false),
            ("10,000 fragments of nothing, and a last one", [.. Empty(1, false), .. Enumerable.Range(0, 10_000).SelectMany(_ => Empty(0, false)), .. Empty(0, true)], false),
            ("a question in fragments of one octet", [.. RawWebSocket.Frame(1, question.AsSpan(0, 1), final: false), .. question[1..^1].SelectMany(octet => RawWebSocket.Frame(0, [octet], final: false)), .. RawWebSocket.Frame(0, question.AsSpan(^1))], false),
            ("a ping of 125", RawWebSocket.Frame(9, new byte[125]), false),
            ("no mask", RawWebSocket.Frame(1, question, masked: false), true),
            ("a length of 2^63", RawWebSocket.Frame(1, question, length: 1UL << 63), true),
            ("a length of 2^64-1", RawWebSocket.Frame(2, question, length: ulong.MaxValue), true),
            ("a length of 2^62", RawWebSocket.Frame(2, question, length: 1UL << 62), null),
            ("a ping of 126", RawWebSocket.Frame(9, new byte[126]), true),
            ("a ping in parts", RawWebSocket.Frame(9, new byte[5], final: false), true),
            ("a close of one octet", RawWebSocket.Frame(8, [3]), true),
            ("a close of an odd reason", RawWebSocket.Frame(8, [0, 1, 0xFF, 0xFE]), true),
            ("a kind that is none", RawWebSocket.Frame(3, question), true),
            ("a control that is none", RawWebSocket.Frame(11, []), true),
            ("reserved bits", RawWebSocket.Frame(1, question, reserved: 0x70), true),
            ("a continuation of nothing", RawWebSocket.Frame(0, question), true),
            ("a text in the middle of another", [.. RawWebSocket.Frame(1, "a"u8, final: false), .. RawWebSocket.Frame(1, question)], true),
            ("a text that is none", RawWebSocket.Frame(1, [0xC0, 0x80, 0xFF]), null),
            ("a message of 1 MB", RawWebSocket.Frame(2, new byte[1 << 20]), true),
        ];
        List<string> wrong = [];
        foreach (var (what, octets, ends) in all)
        {
            await using (var odd = await RawWebSocket.OpenAsync(pbx.Https.Port, root))
            {
                Assert.Equal(101, odd.Status);
                await odd.SendAsync(octets);
                if (ends == true && !await odd.EndsAsync()) wrong.Add($"{what}: the connection stays");
                if (ends == false && await AnswerAsync(odd) != 200) wrong.Add($"{what}: no answer on it");
            }
            await using var honest = await RawWebSocket.OpenAsync(pbx.Https.Port, root);
            if (await AnswerAsync(honest) != 200) wrong.Add($"after {what}");
        }
        foreach (var upgrade in (string[])["GET /sip HTTP/1.1\r\n\r\n", RawWebSocket.Upgrade.Replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", StringComparison.Ordinal),
            RawWebSocket.Upgrade.Replace("dGhlIHNhbXBsZSBub25jZQ==", "x", StringComparison.Ordinal), RawWebSocket.Upgrade.Replace(": 13", ": 99999999999999999999", StringComparison.Ordinal),
            RawWebSocket.Upgrade.Replace("Protocol: sip", $"Protocol: {new string(',', 8000)}", StringComparison.Ordinal), RawWebSocket.Upgrade.Replace("Upgrade: websocket", "Upgrade: \u0001", StringComparison.Ordinal)])
        {
            await using var odd = await RawWebSocket.OpenAsync(pbx.Https.Port, root, upgrade);
            if (odd.Status is 101 or >= 500) wrong.Add($"{upgrade}: {odd.Status}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await AssertNothingHappenedAsync();

        static async Task<int> AnswerAsync(RawWebSocket socket)
        {
            await socket.SendAsync(RawWebSocket.Frame(1, Encoding.ASCII.GetBytes(Draft.Options("WSS"))));
            while (await socket.ReceiveAsync() is { } frame)
                if (frame.Opcode is 1 or 2) return new SipText(frame.Payload).Status;
            return 0;
        }
    }

    [Fact]
    public async Task Connections_ClosedInTheMiddleOfATransaction_LeaveNothing()
    {
        server.Callee.OnRequest = request => request.Method == "INVITE" ? [request.Reply(180, "callee")]
            : request.Method == "CANCEL" ? [request.Reply(200, "callee"), request.Reply(487, "callee").Replace("CANCEL", "INVITE", StringComparison.Ordinal)] : [request.Reply(200, "callee")];
        for (var i = 0; i < 20; i++)
        {
            await using var caller = await server.OpenAsync("TCP", "127.0.0.12", server.Callers["TCP"]);
            var draft = new Draft("a call", i % 4 == 3 ? "SUBSCRIBE" : "INVITE") { Uri = i % 2 == 0 ? "sip:101@127.0.0.1" : "sip:800@127.0.0.1", Body = i % 4 == 3 ? "" : Draft.Offer(), Extra = i % 4 == 3 ? "Event: message-summary\r\nExpires: 60\r\n" : "" };
            var text = draft.Write(caller, $"{Guid.NewGuid():n}@test", caller.Account.Authorization(draft.Method, draft.UriOf(caller)));
            await caller.SendAsync(i % 5 == 4 ? text[..(text.Length / 2)] : text);
            if (i % 3 == 0) await Task.Delay(i * 5);
        }
        // Whoever accepted is repeated to for half a minute, so the last test sees whether anything is left of them.
        Assert.Equal(0, (await pbx.CountersAsync())["unhandled-exceptions"]);
    }

    /// <summary>The last one: half a minute after all of them, when the last transaction is forgotten, nothing is left.</summary>
    [Fact]
    public async Task Afterwards_NothingIsLeft()
    {
        foreach (var account in server.Callers.Values)
        {
            await using var caller = await server.OpenAsync("UDP", "127.0.0.12", account);
            Assert.Equal(200, await server.RegisterAsync(caller, 0, "*"));
        }
        Assert.Equal(200, await server.RegisterAsync(server.Callee, 0));
        await pbx.EndCallsAsync();
    }

    private async Task AssertNothingHappenedAsync()
    {
        string[] zero = ["calls", "invite-dialogs", "rtp-ports"];
        await pbx.EventuallyAsync(async () =>
        {
            var counters = await pbx.CountersAsync();
            return zero.All(name => counters[name] == 0);
        }, "no call is left", 20);
        var counters = await pbx.CountersAsync();
        Assert.True(counters["unhandled-exceptions"] == 0 && counters["replay-differences"] == 0, await pbx.DescribeAsync());
    }

    /// <summary>Offers it in a call that is right until then; the status of the answer.</summary>
    private async Task<int?> ReofferedAsync(PlainPeer caller, Draft draft)
    {
        var call = new Draft("a call", "INVITE") { Body = Draft.Offer() };
        var callId = $"{Guid.NewGuid():n}@test";
        var text = call.Write(caller, callId, caller.Account.Authorization("INVITE", call.Uri));
        var accepted = (await caller.AskAsync(callId, text, TimeSpan.FromSeconds(10)))!;
        Assert.Equal(200, accepted.Status);
        var ending = call.After(caller, callId, text, accepted).ToList();
        await caller.SendAsync(ending[0].Text);
        var again = draft with { Uri = accepted.Uri("Contact")!, To = $"To: {accepted.Header("To")}", CSeq = "2 INVITE" };
        var sent = again.Write(caller, callId, "");
        var answer = await caller.AskAsync(callId, sent, TimeSpan.FromSeconds(10));
        foreach (var (method, next) in again.After(caller, callId, sent, answer!))
            if (method == "ACK") await caller.SendAsync(next.Replace("CSeq: 1 ", "CSeq: 2 ", StringComparison.Ordinal));
        Assert.Equal(200, (await caller.AskAsync(callId, ending[1].Text, TimeSpan.FromSeconds(10)))?.Status);
        return answer?.Status;
    }

    /// <summary>All that the API shows of calls and of who was refused.</summary>
    private async Task<List<string>> ShownAsync()
    {
        List<string> all = [];
        foreach (var path in (string[])["call-records", "live/calls", "live/refusals", "live/registrations"]) Collect(await pbx.Api.GetFromJsonAsync<JsonNode>(path));
        return all;

        void Collect(JsonNode? node)
        {
            if (node is JsonObject properties) foreach (var property in properties) Collect(property.Value);
            else if (node is JsonArray items) foreach (var item in items) Collect(item);
            else if (node is JsonValue value && value.TryGetValue<string>(out var text)) all.Add(text);
        }
    }

    private static string Accepted(SipText request, string body, string type = "application/sdp") => request.Method == "INVITE"
        ? request.Reply(200, "callee", $"Contact: {request.Header("To")}\r\nContent-Type: {type}\r\n", body)
        : request.Reply(200, "callee");
}
