using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pbx.Testing.Peers;

/// <summary>Who a <see cref="PlainPeer"/> is, and the challenge that it answers: nonces are for an address, whatever its port.</summary>
/// <param name="User">User part of its address and of its credentials.</param>
/// <param name="Password">Its password.</param>
public sealed record PlainAccount(string User, string Password)
{
    private int used;

    /// <summary>The value of WWW-Authenticate that was given last.</summary>
    public string? Challenge { get; set; }

    /// <summary>The Authorization field for a request, with its line end.</summary>
    public string Authorization(string method, string uri) => DigestAnswer.To(Challenge!, User, Password, method, uri, Interlocked.Increment(ref used));
}

/// <summary>
/// Sends what a test writes, letter for letter, and hears what comes back. What the server asks is answered as the test wishes, else with 200.
/// </summary>
public sealed class PlainPeer : IAsyncDisposable
{
    private readonly MessagePipe pipe;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SipText>> finals = new();
    private readonly ConcurrentQueue<SipText> requests = new();
    private readonly Task loop;

    private PlainPeer(string transport, MessagePipe pipe, IPEndPoint local, PlainAccount account)
    {
        (Transport, this.pipe, Local, Account) = (transport, pipe, local, account);
        loop = Task.Run(ReceiveAsync);
    }

    /// <summary>As in Via: UDP or TCP.</summary>
    public string Transport { get; }

    /// <summary>Its address.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Who it is.</summary>
    public PlainAccount Account { get; }

    /// <summary>What it answers to a request, as whole messages; null: 200, and nothing to ACK.</summary>
    public Func<SipText, IEnumerable<string>>? OnRequest { get; set; }

    /// <summary>The requests that it has received.</summary>
    public IReadOnlyCollection<SipText> Requests => requests;

    /// <summary>Completes when the server has ended the connection.</summary>
    public Task Ended => loop;

    /// <summary>Opens it.</summary>
    public static async Task<PlainPeer> OpenAsync(string transport, string local, int port, PlainAccount account)
    {
        var (pipe, address) = transport == "UDP" ? MessagePipe.OpenUdp(local, port) : await MessagePipe.ConnectTcpAsync(local, port);
        return new PlainPeer(transport, pipe, address, account);
    }

    /// <summary>Sends a text as it is.</summary>
    public async Task SendAsync(string message)
    {
        try
        {
            await pipe.SendAsync(message, stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server has ended the connection: what it says of the message, if anything, has been received.
        }
    }

    /// <summary>Sends a request; its final answer, or null for silence.</summary>
    public async Task<SipText?> AskAsync(string callId, string message, TimeSpan patience)
    {
        // One Call-ID, several requests: the last one waits.
        var answer = finals[callId] = new TaskCompletionSource<SipText>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(message);
        try
        {
            return await answer.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        await pipe.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (await pipe.ReceiveAsync(stop.Token) is { } text)
            {
                var message = new SipText(text);
                if (message.Status > 0) Take(message);
                else await TakeRequestAsync(message);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The test or the server has ended it.
        }
    }

    private void Take(SipText response)
    {
        if (response.Status >= 200 && finals.TryGetValue(response.Header("Call-ID") ?? "", out var waiting)) waiting.TrySetResult(response);
    }

    private async Task TakeRequestAsync(SipText request)
    {
        requests.Enqueue(request);
        if (request.Method == "ACK") return;
        foreach (var answer in OnRequest?.Invoke(request) ?? [request.Reply(200, "t" + Account.User)]) await SendAsync(answer);
    }
}
