using System.Security.Cryptography;
using System.Threading.Channels;

namespace Pbx.Testing.Peers;

/// <summary>
/// A phone that registers over a connection (TLS or WebSocket) and keeps it: when the connection is lost it connects and registers again,
/// as phones do. Light enough for many hundreds in one process. It answers OPTIONS and NOTIFY; what else comes is for the test to answer.
/// </summary>
public sealed class ConnectedPhone : IAsyncDisposable
{
    private readonly string user;
    private readonly string password;
    private readonly string domain;
    private readonly string transport;
    private readonly TimeSpan retry;
    private readonly Func<CancellationToken, Task<MessagePipe>> connect;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<SipText> requests = Channel.CreateUnbounded<SipText>();
    private readonly string instance = Guid.NewGuid().ToString();
    private readonly string callId = Guid.NewGuid().ToString("N");
    private readonly Task running;
    private readonly TaskCompletionSource left = NewSource();
    private int sequence;
    private volatile bool asked;
    private volatile bool leaving;
    private TaskCompletionSource registered = NewSource();
    private volatile MessagePipe? pipe;

    /// <summary>Begins to connect and to register.</summary>
    /// <param name="user">User part of its address and of its credentials.</param>
    /// <param name="password">Its password.</param>
    /// <param name="domain">Host of the registrar.</param>
    /// <param name="transport">As in Via: TLS or WSS.</param>
    /// <param name="connect">Makes a connection.</param>
    /// <param name="retry">The longest time between two attempts to come back; each is by chance a part of it.</param>
    public ConnectedPhone(string user, string password, string domain, string transport, Func<CancellationToken, Task<MessagePipe>> connect, TimeSpan retry)
    {
        (this.user, this.password, this.domain, this.transport, this.connect, this.retry) = (user, password, domain, transport, connect, retry);
        Host = transport == "TLS" ? "127.0.0.1" : $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}.invalid";
        running = Task.Run(RunAsync);
    }

    /// <summary>The host of its Contact and Via: over WebSocket one that no name service knows (RFC 7118 section 5).</summary>
    public string Host { get; }

    /// <summary>How often it has registered.</summary>
    public int Registrations { get; private set; }

    /// <summary>The last answer to a REGISTER.</summary>
    public SipText? LastAnswer { get; private set; }

    /// <summary>Why it failed last.</summary>
    public string? LastTrouble { get; private set; }

    /// <summary>Completes while it is registered by a connection that stands.</summary>
    public Task Registered => Volatile.Read(ref registered).Task;

    /// <summary>The certificate that the server showed on the connection in use.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? ServerCertificate => pipe?.ServerCertificate;

    /// <summary>The next request that it does not answer by itself.</summary>
    public async Task<SipText> RequestAsync(double seconds = 90)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        return await requests.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(SipText request, int status, string extra = "", string body = "") =>
        pipe!.SendAsync(request.Reply(status, "t" + user, $"Contact: <{Contact}>\r\n{extra}", body), stop.Token);

    /// <summary>Unregisters, if its connection stands, and leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested) return;
        if (pipe is { } connection && Registered.IsCompleted)
        {
            (leaving, asked) = (true, false);
            await Task.WhenAny(LeaveAsync(connection), Task.Delay(TimeSpan.FromSeconds(30)));
        }
        await stop.CancelAsync();
        await running;
    }

    private string Contact => $"sip:{user}@{Host}:5999;transport={(transport == "TLS" ? "tls" : "ws")}";

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connect(stop.Token);
                pipe = connection;
                await LiveAsync(connection);
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                LastTrouble = exception.Message;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception)
            {
                // Cut while stopping.
                return;
            }
            pipe = null;
            if (Registered.IsCompleted) Volatile.Write(ref registered, NewSource());
            await Task.Delay(retry * Random.Shared.NextDouble(), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeaveAsync(MessagePipe connection)
    {
        await connection.SendAsync(Register(null));
        await left.Task;
    }

    private async Task LiveAsync(MessagePipe connection)
    {
        asked = false;
        await connection.SendAsync(Register(null), stop.Token);
        while (await connection.ReceiveAsync(stop.Token) is { } text)
        {
            if (text.Trim('\r', '\n').Length == 0) continue;
            var message = new SipText(text);
            switch (message)
            {
                case { Status: 401 } when !asked:
                    asked = true;
                    await connection.SendAsync(Register(message.Header("WWW-Authenticate")), stop.Token);
                    break;
                case { Status: 503 }:
                    // Asked to come again later, on the connection that stands.
                    await Task.Delay(retry * Random.Shared.NextDouble(), stop.Token);
                    asked = false;
                    await connection.SendAsync(Register(null), stop.Token);
                    break;
                case { Status: > 0 }:
                    LastAnswer = message;
                    if (message.Status is >= 200 and < 300 && message.Method == "REGISTER")
                    {
                        if (leaving) left.TrySetResult();
                        Registrations++;
                        Volatile.Read(ref registered).TrySetResult();
                    }
                    break;
                case { Method: "OPTIONS" or "NOTIFY" }:
                    await connection.SendAsync(message.Reply(200, "t" + user), stop.Token);
                    break;
                default:
                    requests.Writer.TryWrite(message);
                    break;
            }
        }
    }

    private string Register(string? challenge)
    {
        var uri = $"sip:{domain}";
        return $"REGISTER {uri} SIP/2.0\r\nVia: SIP/2.0/{transport} {Host}:5999;branch=z9hG4bK{Guid.NewGuid():n}\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:{user}@{domain}>;tag=r{user}\r\nTo: <sip:{user}@{domain}>\r\nCall-ID: {callId}\r\nCSeq: {Interlocked.Increment(ref sequence)} REGISTER\r\n"
            + $"Contact: <{Contact}>;+sip.instance=\"<urn:uuid:{instance}>\";reg-id=1\r\nExpires: {(leaving ? 0 : 600)}\r\nSupported: path, outbound\r\n"
            + $"{(challenge is null ? "" : DigestAnswer.To(challenge, user, password, "REGISTER", uri))}Content-Length: 0\r\n\r\n";
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
