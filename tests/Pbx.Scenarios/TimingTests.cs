using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Pbx.Core.Common;
using Pbx.Core.Extensions;

namespace Pbx.Scenarios;

/// <summary>
/// Whether a stranger can tell users that exist from users that do not by how long an answer takes. The stranger asks one question at a time,
/// about the one and the other in turn, so that what else goes on falls on both alike; each address asks too little to be banned.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TimingTests
{
    private const int Accounts = 400, Rounds = 5, UsersPerAddress = 4;
    private const double MostRelative = 0.3;

    private int asked;

    [Fact(Explicit = true)]
    public async Task Answers_AboutUsersThatExistAndThatDoNot_TakeTheSameTime()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync([.. Company.Create(), .. Enumerable.Range(0, Accounts).Select(i => Person($"{5000 + i}"))]);
        // Compiled, and its tables grown.
        Ask(pbx.SipPort, round: 0, [], []);
        Dictionary<string, List<double>> existing = [], missing = [];
        for (var round = 1; round <= Rounds; round++)
        {
            // No account is guessed at more than once a minute, which is counted by the minute of the clock.
            await Task.Delay(TimeSpan.FromSeconds(61 - TimeProvider.System.GetUtcNow().Second));
            Ask(pbx.SipPort, round, existing, missing);
        }

        List<string> told = [];
        foreach (var (question, times) in existing)
        {
            var (exists, misses) = (Median(times), Median(missing[question]));
            var line = string.Create(CultureInfo.InvariantCulture, $"{question}: {exists:0} us where the user exists, {misses:0} us where not, {times.Count} each");
            TestContext.Current.TestOutputHelper!.WriteLine(line);
            if (Math.Abs(exists - misses) > MostRelative * Math.Min(exists, misses)) told.Add(line);
        }
        Assert.Empty(told);
    }

    private static Extension Person(string number) => new()
    {
        Key = number, Name = number, Number = number, Site = "paris", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "phone", UserName = number, Password = new Secret(Company.Password) }],
    };

    private void Ask(int port, int round, Dictionary<string, List<double>> existing, Dictionary<string, List<double>> missing)
    {
        for (var i = 0; i < Accounts; i += UsersPerAddress / 2)
        {
            using var socket = NewStranger(port);
            for (var each = i; each < i + UsersPerAddress / 2; each++)
            {
                // Who comes first is as often the one as the other.
                var first = (round + each) % 2 == 0;
                AskAbout(socket, port, $"{(first ? 5000 : 7000) + each}", first ? existing : missing);
                AskAbout(socket, port, $"{(first ? 7000 : 5000) + each}", first ? missing : existing);
            }
        }
    }

    private Socket NewStranger(int port)
    {
        var place = asked++;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(new IPEndPoint(new IPAddress([127, (byte)(10 + place / 62500), (byte)(1 + place / 250 % 250), (byte)(1 + place % 250)]), 0));
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static void AskAbout(Socket socket, int port, string user, Dictionary<string, List<double>> times)
    {
        var challenge = Time(socket, Request("REGISTER", $"sip:127.0.0.1:{port}", user, ""), "REGISTER without credentials", times);
        var nonce = Regex.Match(challenge, "nonce=\"([^\"]+)").Groups[1].Value;
        Time(socket, Request("REGISTER", $"sip:127.0.0.1:{port}", user, $"Authorization: Digest username=\"{user}\", realm=\"pbx\", nonce=\"{nonce}\", "
            + $"uri=\"sip:127.0.0.1:{port}\", response=\"{new string('0', 32)}\", algorithm=MD5, cnonce=\"c\", nc=00000001, qop=auth\r\n"), "REGISTER with a wrong password", times);
        Time(socket, Request("INVITE", $"sip:{user}@127.0.0.1:{port}", user, ""), "INVITE without credentials", times);
    }

    private static string Time(Socket socket, string request, string question, Dictionary<string, List<double>> times)
    {
        var (bytes, buffer) = (Encoding.ASCII.GetBytes(request), new byte[4096]);
        var begun = Stopwatch.GetTimestamp();
        socket.Send(bytes);
        var length = socket.Receive(buffer);
        var elapsed = Stopwatch.GetElapsedTime(begun);
        var answer = Encoding.ASCII.GetString(buffer, 0, length);
        // What is banned or slowed down would compare nothing.
        Assert.StartsWith("SIP/2.0 401 ", answer, StringComparison.Ordinal);
        if (!times.TryGetValue(question, out var all)) times.Add(question, all = []);
        all.Add(elapsed.TotalMicroseconds);
        return answer;
    }

    private static string Request(string method, string uri, string user, string more) =>
        $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK{Guid.NewGuid():n}\r\nMax-Forwards: 70\r\nFrom: <sip:{user}@127.0.0.1>;tag=t\r\n"
        + $"To: <sip:{user}@127.0.0.1>\r\nCall-ID: {Guid.NewGuid():n}\r\nCSeq: 1 {method}\r\nContact: <sip:{user}@127.0.0.1:9>\r\n{more}Content-Length: 0\r\n\r\n";

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
