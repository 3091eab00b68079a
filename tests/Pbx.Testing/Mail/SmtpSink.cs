using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;

namespace Pbx.Testing.Mail;

/// <summary>A step of an SMTP session at which a test may interfere.</summary>
public enum SmtpStep
{
    Connect,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    EndOfData,
}

/// <summary>What the sink does instead of what it would: wait, then reply, or cut the connection.</summary>
/// <param name="Reply">The reply, such as <c>451 4.7.1 Try later</c>; null: as usual.</param>
/// <param name="Drop">Cuts the connection instead of replying.</param>
/// <param name="Wait">Awaited first.</param>
public sealed record SmtpReaction(string? Reply = null, bool Drop = false, Task? Wait = null);

/// <summary>A mail that the sink took, whether or not its sender ever heard so.</summary>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, MimeMessage Message, bool Encrypted, string? User, bool Confirmed)
{
    /// <summary>The bytes of its only attachment.</summary>
    public byte[] Attachment()
    {
        using var bytes = new MemoryStream();
        ((MimePart)Message.Attachments.Single()).Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>How a sink behaves towards everybody.</summary>
public sealed record SmtpSinkOptions
{
    /// <summary>Offers STARTTLS.</summary>
    public bool StartTls { get; init; }

    /// <summary>Encrypts from the first byte.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>Asks for this user and password; null: takes mail from anybody.</summary>
    public (string User, string Password)? Credentials { get; init; }

    /// <summary>Offers PLAIN; LOGIN is offered always.</summary>
    public bool AuthPlain { get; init; } = true;

    /// <summary>The port; 0: a free one.</summary>
    public int Port { get; init; }
}

/// <summary>A real SMTP server for tests: takes mail, keeps it parsed, and fails where a test tells it to.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<TcpClient, Task> sessions = new();
    private readonly ConcurrentQueue<ReceivedMail> mails = new();
    private readonly ConcurrentDictionary<SmtpStep, ConcurrentQueue<SmtpReaction>> once = new();
    private readonly SemaphoreSlim arrived = new(0);
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;

    private SmtpSink(SmtpSinkOptions options) => Options = options;

    /// <summary>Its behaviour.</summary>
    public SmtpSinkOptions Options { get; }

    /// <summary>Where it listens (127.0.0.1), also while it is down.</summary>
    public int Port { get; private set; }

    /// <summary>Its self-signed certificate.</summary>
    public X509Certificate2 Certificate { get; } = MakeCertificate();

    /// <summary>All mails taken, in order.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. mails];

    /// <summary>Connections taken so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Decides each step; null: as usual. Asked after the reactions that are set for once.</summary>
    public Func<SmtpStep, string, SmtpReaction?>? React { get; set; }

    /// <summary>Starts one.</summary>
    public static SmtpSink Start(SmtpSinkOptions? options = null)
    {
        var sink = new SmtpSink(options ?? new SmtpSinkOptions()) { Port = options?.Port ?? 0 };
        sink.Up();
        return sink;
    }

    /// <summary>Reacts so the next time that the step comes.</summary>
    public void Once(SmtpStep step, SmtpReaction reaction) => once.GetOrAdd(step, _ => new()).Enqueue(reaction);

    /// <summary>Listens (again), at the same port.</summary>
    public void Up()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync(listener);
    }

    /// <summary>Refuses connections and cuts those that are there.</summary>
    public async Task DownAsync()
    {
        listener?.Stop();
        await accepting;
        foreach (var client in sessions.Keys) client.Dispose();
        await Task.WhenAll(sessions.Values);
    }

    /// <summary>Waits until so many mails have been taken in all.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> WaitForAsync(int count, TimeSpan? longest = null)
    {
        using var limit = new CancellationTokenSource(longest ?? TimeSpan.FromSeconds(90));
        while (mails.Count < count)
        {
            try
            {
                await arrived.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{mails.Count} of {count} mails arrived in time.");
            }
        }
        return Mails;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await DownAsync();
        stopping.Dispose();
        arrived.Dispose();
        Certificate.Dispose();
    }

    internal async Task<SmtpReaction> ReactAsync(SmtpStep step, string argument)
    {
        var reaction = once.TryGetValue(step, out var queue) && queue.TryDequeue(out var next) ? next : React?.Invoke(step, argument);
        if (reaction?.Wait is { } wait) await wait.WaitAsync(stopping.Token);
        return reaction ?? new SmtpReaction();
    }

    internal void Take(ReceivedMail mail)
    {
        mails.Enqueue(mail);
        arrived.Release();
    }

    private async Task AcceptAsync(TcpListener from)
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await from.AcceptTcpClientAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
            Connections++;
            sessions[client] = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        try
        {
            await new SmtpSinkSession(this, client).RunAsync();
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            // The other side, or the test, ended the session.
        }
        finally
        {
            client.Dispose();
            sessions.TryRemove(client, out _);
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(30));
    }
}
