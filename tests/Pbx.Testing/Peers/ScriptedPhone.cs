using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pbx.Testing.Peers;

/// <summary>
/// A phone over UDP whose every step a test decides, to force races. It reads and writes SIP as plain text and shares no code with
/// the stack under test. It answers BYE, CANCEL, OPTIONS and NOTIFY by itself and counts what it sees.
/// </summary>
public sealed class ScriptedPhone : IAsyncDisposable
{
    private readonly Socket socket;
    private readonly IPEndPoint server;
    private readonly ConcurrentDictionary<string, ScriptedCall> calls = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;
    private int sequence;
    private bool isRegistered;

    /// <summary>Opens a socket on a local address of the loopback range.</summary>
    public ScriptedPhone(string localAddress, int serverPort, string user, string? password = null)
    {
        server = new IPEndPoint(IPAddress.Loopback, serverPort);
        (User, Number, Password) = (user, user, password);
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(localAddress), 0));
        Local = (IPEndPoint)socket.LocalEndPoint!;
        loop = Task.Run(ReceiveAsync);
    }

    /// <summary>User part of its address and of its digest credentials.</summary>
    public string User { get; }

    /// <summary>The number that it registers: its user name, unless it is one of several devices.</summary>
    public string Number { get; init; }

    /// <summary>Its address.</summary>
    public IPEndPoint Local { get; }

    /// <summary>What to do with an incoming call; runs on the receive loop and must not block. Null: let it ring.</summary>
    public Action<ScriptedCall>? OnIncoming { get; set; }

    /// <summary>How long it takes to answer a re-INVITE; null: no time at all.</summary>
    public Func<TimeSpan>? Thinks { get; init; }

    /// <summary>The port of its sound, of RTP and RTCP alike; 9 (discard): it sends none.</summary>
    public int MediaPort { get; init; } = 9;

    /// <summary>Calls seen, by Call-ID.</summary>
    public IReadOnlyDictionary<string, ScriptedCall> Calls => calls;

    internal string? Password { get; }

    /// <summary>Registers (or with 0 unregisters) and returns the final status.</summary>
    public async Task<int> RegisterAsync(int expires = 3600)
    {
        var call = new ScriptedCall(this, $"reg-{Guid.NewGuid():n}", outgoing: true);
        calls[call.CallId] = call;
        var status = await RegisterOnceAsync(call, expires, null);
        if (status == 401) status = await RegisterOnceAsync(call, expires, call.LastResponse);
        calls.TryRemove(call.CallId, out _);
        if (status == 200) isRegistered = expires > 0;
        return status;
    }

    /// <summary>Sends an INVITE; its progress is on the call.</summary>
    public ScriptedCall Invite(string number)
    {
        var call = new ScriptedCall(this, $"call-{Guid.NewGuid():n}@{Local.Address}", outgoing: true) { Target = $"sip:{number}@{server}" };
        calls[call.CallId] = call;
        call.SendInvite(null);
        return call;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested) return;
        // It takes its leave of a server that is still there, so that nothing of it is left.
        if (isRegistered) await Task.WhenAny(RegisterAsync(expires: 0), Task.Delay(TimeSpan.FromSeconds(10)));
        await stop.CancelAsync();
        socket.Dispose();
        await loop;
    }

    internal int NextSequence() => Interlocked.Increment(ref sequence);

    internal void Send(string message) => socket.SendTo(Encoding.UTF8.GetBytes(message), server);

    internal string Authorization(string challenge, string method, string uri, bool proxy) =>
        DigestAnswer.To(challenge, User, Password, method, uri, proxy: proxy);

    private async Task<int> RegisterOnceAsync(ScriptedCall call, int expires, SipText? challenge)
    {
        var uri = $"sip:{server}";
        var authorization = challenge is null ? "" : Authorization(challenge.Header("WWW-Authenticate")!, "REGISTER", uri, proxy: false);
        call.ForgetResponse();
        Send($"REGISTER {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {Local};rport;branch=z9hG4bK{Guid.NewGuid():n}\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:{Number}@{server}>;tag=r{User}\r\nTo: <sip:{Number}@{server}>\r\nCall-ID: {call.CallId}\r\nCSeq: {NextSequence()} REGISTER\r\n"
            + $"Contact: <sip:{User}@{Local}>\r\nExpires: {expires}\r\n{authorization}Content-Length: 0\r\n\r\n");
        return await call.FinalAsync();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[65536];
        var from = new IPEndPoint(IPAddress.Any, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var result = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, stop.Token);
                if (result.ReceivedBytes > 4) Dispatch(new SipText(Encoding.UTF8.GetString(buffer, 0, result.ReceivedBytes)));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The server was killed: its port refuses. It may come back.
            }
        }
    }

    private void Dispatch(SipText message)
    {
        var callId = message.Header("Call-ID")!;
        if (message.Status > 0)
        {
            if (calls.TryGetValue(callId, out var known)) known.OnResponse(message);
        }
        else if (message.Method == "INVITE" && !calls.ContainsKey(callId))
        {
            var call = new ScriptedCall(this, callId, outgoing: false);
            calls[callId] = call;
            call.OnRequest(message);
            OnIncoming?.Invoke(call);
        }
        else if (calls.TryGetValue(callId, out var known))
        {
            known.OnRequest(message);
        }
        else if (message.Method != "ACK")
        {
            Send(message.Reply(message.Method is "OPTIONS" or "NOTIFY" ? 200 : 481));
        }
    }
}
