using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Pbx.Core.Common;
using Pbx.Core.Settings;

namespace Pbx.Core.Mail;

/// <summary>How the mail room deals with servers.</summary>
internal sealed record SmtpOptions
{
    /// <summary>Longest time for connecting and signing in.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for handing over one mail; a server may take long after the data (RFC 5321 section 4.5.3.2.6).</summary>
    public TimeSpan SendLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Judges the server's certificate; null: as the system does.</summary>
    public RemoteCertificateValidationCallback? CertificateCheck { get; init; }
}

/// <summary>What came of handing over a mail.</summary>
/// <param name="State">Sent, Failed, Waiting (try again) or Uncertain.</param>
/// <param name="Words">The server's words, or what happened instead.</param>
internal sealed record SmtpResult(MailState State, string Words);

/// <summary>One connection to an SMTP server.</summary>
internal sealed class SmtpSession : IDisposable
{
    private readonly ReplyLog log = new();
    private readonly SmtpClient client;
    private readonly SmtpOptions options;

    private SmtpSession(SmtpOptions options)
    {
        this.options = options;
        client = new SmtpClient(log)
        {
            ServerCertificateValidationCallback = options.CertificateCheck,
            // A revocation service that cannot be reached would stop all mail.
            CheckCertificateRevocation = false,
        };
    }

    /// <summary>False when a further mail needs a new connection.</summary>
    public bool Usable => client.IsConnected;

    /// <summary>Connects, encrypts as set and signs in. The errors are what the console shows.</summary>
    public static async Task<Result<SmtpSession>> OpenAsync(MailSettings settings, SmtpOptions options, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(settings.Host)) 
            return Result<SmtpSession>.Fail(new PbxError("mail-server-missing", "", "No mail server is set."));
        var session = new SmtpSession(options);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectLimit);
        try
        {
            await session.client.ConnectAsync(settings.Host, settings.Port, SecurityOf(settings.Security), limit.Token);
            // Over BDAT the end of the data has no mark of its own that the log could see.
            session.client.Capabilities &= ~(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime);
            if (!string.IsNullOrEmpty(settings.UserName))
                await session.client.AuthenticateAsync(settings.UserName, settings.Password?.Reveal() ?? "", limit.Token);
            return Result<SmtpSession>.Ok(session);
        }
        catch (Exception error) when (IsMailError(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var words = session.Describe(error);
            session.Dispose();
            return Fail(words);
        }
    }

    /// <summary>Hands one mail to the server.</summary>
    public async Task<SmtpResult> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.SendLimit);
        try
        {
            var answer = await client.SendAsync(message, limit.Token);
            return new SmtpResult(MailState.Sent, log.Words is { Length: > 0 } words ? words : answer);
        }
        catch (SmtpCommandException error)
        {
            // 5xx on recipient or data is the server's last word on this mail; on the sender it is a setting that can be mended.
            var permanent = (int)error.StatusCode >= 500 && error.ErrorCode is (SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted);
            return new SmtpResult(permanent ? MailState.Failed : MailState.Waiting, $"{(int)error.StatusCode} {error.Message}");
        }
        catch (Exception error) when (IsMailError(error))
        {
            // RFC 5321 section 4.5.4.1: cut after the end of the data and before the reply, the server may have the mail or not.
            var open = log.DataEnded;
            var words = open ? $"{DeliveryWords.CutAfterData} ({Describe(error)})" : Describe(error);
            return new SmtpResult(open ? MailState.Uncertain : MailState.Waiting, words);
        }
    }

    /// <summary>Says goodbye; the mails are through whatever comes of it.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (!client.IsConnected) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception error) when (IsMailError(error))
        {
            // The server did not wait for QUIT: nothing depends on it.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private string Describe(Exception error)
    {
        var what = error switch
        {
            OperationCanceledException => DeliveryWords.NoAnswerInTime,
            SmtpProtocolException { InnerException: null } => DeliveryWords.ConnectionClosed,
            NotSupportedException when error.Message.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase) => DeliveryWords.NoStartTls,
            _ => error.Message,
        };
        return log.Words is { Length: > 0 } words && !what.Contains(words, StringComparison.Ordinal) ? $"{what} – {words}" : what;
    }

    private static SecureSocketOptions SecurityOf(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
    };

    private static bool IsMailError(Exception error) => error is SmtpCommandException or SmtpProtocolException or ServiceNotConnectedException
        or ServiceNotAuthenticatedException or AuthenticationException or SslHandshakeException or SocketException or IOException
        or OperationCanceledException or NotSupportedException or TimeoutException or InvalidOperationException or ArgumentException;

    private static Result<SmtpSession> Fail(string words) => Result<SmtpSession>.Fail(new PbxError("mail-failed", "", words, words));
}
