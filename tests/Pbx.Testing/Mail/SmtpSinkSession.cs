using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Pbx.Testing.Mail;

/// <summary>One session of the sink.</summary>
internal sealed class SmtpSinkSession(SmtpSink sink, TcpClient client)
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private Stream stream = client.GetStream();
    private int filled;
    private int position;
    private bool encrypted;
    private string? user;
    private string from = "";
    private readonly List<string> recipients = [];

    public async Task RunAsync()
    {
        if (sink.Options.ImplicitTls) await EncryptAsync();
        if (!await AnswerAsync(SmtpStep.Connect, "", "220 sink.test ESMTP")) return;
        while (await ReadLineAsync() is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (!await HandleAsync(verb, line)) return;
        }
    }

    private async Task<bool> HandleAsync(string verb, string line)
    {
        switch (verb)
        {
            case "EHLO":
                await GreetAsync();
                return true;
            case "STARTTLS" when sink.Options.StartTls && !encrypted:
                await WriteAsync("220 2.0.0 Go ahead");
                await EncryptAsync();
                return true;
            case "AUTH":
                return await AuthenticateAsync(line);
            case "MAIL" when sink.Options.Credentials is not null && user is null:
                await WriteAsync("530 5.7.0 Authentication required");
                return true;
            case "MAIL":
                from = Address(line);
                recipients.Clear();
                return await AnswerAsync(SmtpStep.MailFrom, from, "250 2.1.0 Sender ok");
            case "RCPT":
                return await AnswerAsync(SmtpStep.RcptTo, Address(line), "250 2.1.5 Recipient ok", () => recipients.Add(Address(line)));
            case "DATA":
                return await DataAsync();
            case "QUIT":
                await WriteAsync("221 2.0.0 Bye");
                return false;
            case "RSET" or "NOOP" or "HELO":
                await WriteAsync("250 2.0.0 Ok");
                return true;
            default:
                await WriteAsync("502 5.5.2 Not implemented");
                return true;
        }
    }

    private async Task GreetAsync()
    {
        var lines = new List<string> { "sink.test", "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "CHUNKING" };
        if (sink.Options.StartTls && !encrypted) lines.Add("STARTTLS");
        if (sink.Options.Credentials is not null) lines.Add(sink.Options.AuthPlain ? "AUTH PLAIN LOGIN" : "AUTH LOGIN");
        await WriteAsync(string.Join("\r\n", lines.Select((l, i) => $"250{(i == lines.Count - 1 ? ' ' : '-')}{l}")));
    }

    private async Task<bool> AuthenticateAsync(string line)
    {
        var words = line.Split(' ');
        string name, password;
        if (words[1].Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
        {
            var given = Decode(words.Length > 2 ? words[2] : await AskAsync("334 "));
            var parts = given.Split('\0');
            (name, password) = (parts[1], parts[2]);
        }
        else
        {
            name = Decode(words.Length > 2 ? words[2] : await AskAsync("334 VXNlcm5hbWU6"));
            password = Decode(await AskAsync("334 UGFzc3dvcmQ6"));
        }
        var good = sink.Options.Credentials == (name, password);
        if (good) user = name;
        return await AnswerAsync(SmtpStep.Auth, name, good ? "235 2.7.0 Welcome" : "535 5.7.8 Wrong user or password");
    }

    private async Task<bool> DataAsync()
    {
        var reaction = await sink.ReactAsync(SmtpStep.Data, "");
        if (reaction.Drop) return false;
        await WriteAsync(reaction.Reply ?? "354 Send it");
        if (reaction.Reply is not null) return true;
        var message = await ReadMessageAsync();
        reaction = await sink.ReactAsync(SmtpStep.EndOfData, from);
        var refused = reaction.Reply is ['4' or '5', ..];
        if (!refused) sink.Take(new ReceivedMail(from, [.. recipients], message, encrypted, user, !reaction.Drop));
        if (reaction.Drop) return false;
        await WriteAsync(reaction.Reply ?? $"250 2.0.0 Ok: queued as {Guid.NewGuid().ToString("N")[..12]}");
        return true;
    }

    private async Task<MimeMessage> ReadMessageAsync()
    {
        using var bytes = new MemoryStream();
        while (await ReadLineAsync() is { } line && line != ".")
        {
            // RFC 5321 section 4.5.2: a dot at the beginning was doubled.
            bytes.Write(Encoding.Latin1.GetBytes(line.StartsWith('.') ? line[1..] : line));
            bytes.Write("\r\n"u8);
        }
        bytes.Position = 0;
        return await MimeMessage.LoadAsync(bytes);
    }

    /// <summary>False when the connection is to be cut.</summary>
    private async Task<bool> AnswerAsync(SmtpStep step, string argument, string usual, Action? accepted = null)
    {
        var reaction = await sink.ReactAsync(step, argument);
        if (reaction.Drop) return false;
        if (reaction.Reply is null) accepted?.Invoke();
        await WriteAsync(reaction.Reply ?? usual);
        return true;
    }

    private async Task<string> AskAsync(string question)
    {
        await WriteAsync(question);
        return await ReadLineAsync() ?? throw new IOException("The client left.");
    }

    private async Task EncryptAsync()
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(sink.Certificate);
        (stream, encrypted, filled, position) = (tls, true, 0, 0);
    }

    /// <summary>A line as Latin-1, so that each byte keeps its value.</summary>
    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (position == filled)
            {
                (position, filled) = (0, await stream.ReadAsync(buffer));
                if (filled == 0) return null;
            }
            var end = Array.IndexOf(buffer, (byte)'\n', position, filled - position);
            var upTo = end < 0 ? filled : end;
            line.Append(Encoding.Latin1.GetString(buffer, position, upTo - position));
            position = end < 0 ? filled : end + 1;
            if (end >= 0) return line.ToString().TrimEnd('\r');
        }
    }

    private async Task WriteAsync(string line)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        await stream.FlushAsync();
    }

    private static string Address(string line)
    {
        var start = line.IndexOf('<', StringComparison.Ordinal);
        return line[(start + 1)..line.IndexOf('>', StringComparison.Ordinal)];
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
