using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The messages of RFC 4475 and RFC 5118, sent to the running process; each gets the answer that its RFC asks for, and the process stays well.</summary>
public sealed partial class TortureTests
{
    // A server of its own for each transport: the same message by the other one would be a retransmission (RFC 3261 section 17.2.3).
    [Theory, InlineData("UDP"), InlineData("TCP"), InlineData("TLS")]
    public async Task TortureMessages_OverEachTransport_AreAnsweredAsTheRfcsAsk_AndTheServerGoesOn(string transport)
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        var before = await pbx.CountersAsync();
        List<string> wrong = [];
        foreach (var (rfc, entry) in await ExpectationsAsync())
        {
            var bytes = WithOwnBranch(await File.ReadAllBytesAsync(Path.Combine(Corpus, rfc, entry.File + ".dat")), entry.File);
            // Silence is the only answer to what is a response, or cannot be answered at all.
            // A stream waits for the rest of a message that is too short.
            int[] allowed = entry.Answers.Length == 0 || (transport != "UDP" && entry.Stream == "Incomplete") ? [0] : entry.Answers;
            var status = await AskAsync(pbx, transport, bytes, answers: allowed is not [0]);
            if (!allowed.Contains(status)) wrong.Add($"{rfc} {entry.File}: {status}, expected {string.Join('/', allowed)}");
            var alive = await AskAsync(pbx, transport, Encoding.ASCII.GetBytes(Draft.Options(transport)), answers: true);
            if (alive != 200) wrong.Add($"OPTIONS after {entry.File}: {alive}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.Equal(before["unhandled-exceptions"], (await pbx.CountersAsync())["unhandled-exceptions"]);
    }

    private static string Corpus => Path.Combine(AppContext.BaseDirectory, "Corpus");

    private static async Task<List<(string Rfc, Expectation Entry)>> ExpectationsAsync()
    {
        List<(string, Expectation)> all = [];
        foreach (var rfc in (string[])["rfc4475", "rfc5118"])
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Corpus, rfc, "expected.json"));
            all.AddRange(JsonSerializer.Deserialize<List<Expectation>>(text, JsonSerializerOptions.Web)!.Select(entry => (rfc, entry)));
        }
        Assert.Equal(49 + 12, all.Count);
        // The RFCs leave a choice here and there; this server has made it, and makes it always.
        Assert.All(all, each => Assert.InRange(each.Item2.Answers.Length, 0, 1));
        return all;
    }

    // Several of the messages share one branch; within 32 s of each other they would be retransmissions, answered as the first one was.
    private static byte[] WithOwnBranch(byte[] message, string name) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message).Replace("z9hG4bKkdjuw", $"z9hG4bKkdjuw{name}", StringComparison.Ordinal)
            .Replace("z9hG4bKas3", $"z9hG4bKas3{name}", StringComparison.Ordinal));

    private sealed record Expectation(string File, int[] Answers, string? Stream);

    /// <summary>The status of the final answer; 0 stands for silence, which is waited for as long as <paramref name="answers"/> says that none will break it.</summary>
    private static async Task<int> AskAsync(PbxProcess pbx, string transport, byte[] message, bool answers)
    {
        using var patience = new CancellationTokenSource(answers ? 30_000 : 1_500);
        try
        {
            if (transport == "UDP") return await OverUdpAsync(pbx.SipPort, message, patience.Token);
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, transport == "TLS" ? pbx.TlsPort : pbx.SipPort, patience.Token);
            await using var stream = client.GetStream();
            if (transport == "TCP") return await OverStreamAsync(stream, message, patience.Token);
            await using var secure = new SslStream(stream, leaveInnerStreamOpen: true);
            using var root = X509CertificateLoader.LoadCertificateFromFile(await pbx.RootFileAsync());
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck };
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = trust }, patience.Token);
            return await OverStreamAsync(secure, message, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            return 0;
        }
    }

    private static async Task<int> OverStreamAsync(Stream stream, byte[] message, CancellationToken cancellation)
    {
        await stream.WriteAsync(message, cancellation);
        return await FinalStatusAsync(buffer => stream.ReadAsync(buffer, cancellation), message);
    }

    // Without rport a response goes to the port that the Via names (RFC 3261 section 18.2.2), so that one must listen.
    private static async Task<int> OverUdpAsync(int port, byte[] message, CancellationToken cancellation)
    {
        var via = SentBy().Match(Encoding.Latin1.GetString(message));
        var tls = via.Groups[1].Value.Equals("TLS", StringComparison.OrdinalIgnoreCase);
        var sentBy = via.Groups[2].Success ? int.Parse(via.Groups[2].Value, CultureInfo.InvariantCulture) : tls ? 5061 : 5060;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.3"), sentBy));
        await socket.SendToAsync(message, new IPEndPoint(IPAddress.Loopback, port));
        return await FinalStatusAsync(buffer => socket.ReceiveAsync(buffer, cancellation), message);
    }

    // What still comes for an earlier message (nobody sends ACKs here) is passed over.
    private static async Task<int> FinalStatusAsync(Func<Memory<byte>, ValueTask<int>> receive, byte[] message)
    {
        var callId = CallId().Match(Encoding.Latin1.GetString(message)).Groups[1].Value;
        var buffer = new byte[65536];
        while (true)
        {
            var length = await receive(buffer);
            if (length == 0) return 0;
            var response = new SipText(Encoding.Latin1.GetString(buffer, 0, length));
            if (response.Status >= 200 && (callId.Length == 0 || response.Header("Call-ID") == callId)) return response.Status;
        }
    }

    [GeneratedRegex(@"^(?:call-id|i)\s*:\s*(\S+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex CallId();

    [GeneratedRegex(@"^(?:via|v)[ \t]*:[^,\r\n]*?SIP\s*/\s*2\.0\s*/\s*(\w+)\s+(?:\[[^\]]*\]|[^\s;:,]+)(?:\s*:\s*(\d+))?", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex SentBy();
}
