using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using MimeKit;
using MimeKit.Utils;
using Pbx.Core.Common;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Mail;

/// <summary>A sound to attach.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Format">Its format.</param>
internal sealed record MailSound(byte[] Bytes, AttachmentFormat Format);

/// <summary>Writes the mail of a message.</summary>
internal static class MailComposer
{
    private const int MostOfAName = 80;
    private static readonly ParserOptions WithDomain = new() { AllowAddressesWithoutDomain = false };

    /// <summary>
    /// The mail, the same in every attempt. Throws <see cref="FormatException"/> when sender or recipient is no address.
    /// </summary>
    public static MimeMessage Compose(MailJob job, string sender, string company, MailSound? sound)
    {
        if (job.Content.Notice is { } notice) return ComposeNotice(job, notice, sender, company);
        var texts = MailTexts.Of(job.Content.Language);
        var caller = Caller(job.Content, texts);
        var length = Length(job.Content.Milliseconds);
        var message = Envelope(sender, company, job.Recipient);
        message.MessageId = job.InternetMessageId;
        message.Date = Local(job.Content);
        message.Subject = string.Format(CultureInfo.InvariantCulture, texts.Subject, caller, length, OneLine(job.Content.MailboxName));
        message.Headers.Add("Auto-Submitted", "auto-generated");

        (string Name, string Value)[] rows =
        [
            (texts.From, caller),
            (texts.Received, Local(job.Content).ToString("f", texts.Culture)),
            (texts.Length, length),
            (texts.Box, OneLine(job.Content.MailboxName)),
        ];
        var body = new BodyBuilder
        {
            TextBody = PlainText(texts, rows, sound is not null),
            HtmlBody = Html(texts, rows, sound is not null),
        };
        if (sound is not null) Attach(body, sound, $"{texts.FileName}-{Local(job.Content).ToString("yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture)}");
        message.Body = body.ToMessageBody();
        return message;
    }

    private static MimeMessage ComposeNotice(MailJob job, MailNotice notice, string sender, string company)
    {
        var message = Envelope(sender, company, job.Recipient);
        message.MessageId = job.InternetMessageId;
        message.Date = job.CreatedAt;
        message.Subject = OneLine(notice.Subject);
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = notice.Body };
        return message;
    }

    /// <summary>A mail that proves that settings work.</summary>
    public static MimeMessage ComposeTest(string sender, string company, string to)
    {
        var message = Envelope(sender, company, to);
        message.MessageId = MimeUtils.GenerateMessageId("pbx.invalid");
        message.Subject = "Test – PBX";
        message.Body = new TextPart("plain") { Text = "Ce courriel montre que l'envoi fonctionne.\nThis mail shows that sending works.\n" };
        return message;
    }

    /// <summary>Reads an address, which must have a domain.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MailboxAddress? address) => MailboxAddress.TryParse(WithDomain, text, out address);

    private static MimeMessage Envelope(string sender, string company, string to)
    {
        if (!TryParse(sender, out var from)) throw new FormatException($"The sender '{sender}' is no mail address.");
        if (!TryParse(to, out var recipient)) throw new FormatException($"The recipient '{to}' is no mail address.");
        var message = new MimeMessage();
        message.From.Add(new MailboxAddress(string.IsNullOrEmpty(from.Name) ? OneLine(company) : from.Name, from.Address));
        message.To.Add(recipient);
        return message;
    }

    private static void Attach(BodyBuilder body, MailSound sound, string name)
    {
        var (extension, type) = sound.Format switch
        {
            AttachmentFormat.Wav => (".wav", new ContentType("audio", "wav")),
            AttachmentFormat.Mp3 => (".mp3", new ContentType("audio", "mpeg")),
        };
        body.Attachments.Add(name + extension, sound.Bytes, type);
    }

    private static string PlainText(MailTexts texts, (string Name, string Value)[] rows, bool attached)
    {
        var text = new StringBuilder(texts.Intro).Append("\n\n");
        foreach (var (name, value) in rows) text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
        return text.Append('\n').Append(attached ? texts.Attached : texts.AudioGone).Append("\n\n-- \n").Append(texts.Footer).Append('\n').ToString();
    }

    private static string Html(MailTexts texts, (string Name, string Value)[] rows, bool attached)
    {
        var html = new StringBuilder("<!doctype html><html><body style=\"font-family:sans-serif\"><p>").Append(Encoded(texts.Intro)).Append("</p><table>");
        foreach (var (name, value) in rows)
            html.Append("<tr><td style=\"color:#666;padding-right:1em\">").Append(Encoded(name)).Append("</td><td>").Append(Encoded(value)).Append("</td></tr>");
        return html.Append("</table><p>").Append(Encoded(attached ? texts.Attached : texts.AudioGone)).Append("</p><p style=\"color:#666\">")
            .Append(Encoded(texts.Footer)).Append("</p></body></html>").ToString();
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private static string Caller(MailContent content, MailTexts texts)
    {
        var number = OneLine(content.Caller);
        var name = OneLine(content.CallerName);
        if (number.Length == 0) return name.Length == 0 ? texts.Withheld : name;
        return name.Length == 0 || name == number ? number : $"{name} ({number})";
    }

    /// <summary>What a caller chose stays within its line and its length: no control or direction character of theirs gets into a header.</summary>
    private static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in DatabaseText.Clean(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator) line.Append(' ');
            else line.Append(rune.ToString());
            if (line.Length >= MostOfAName) break;
        }
        return line.ToString().Trim();
    }

    private static string Length(int milliseconds)
    {
        var length = TimeSpan.FromSeconds(Math.Round(milliseconds / 1000.0));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)length.TotalMinutes}:{length.Seconds:00}");
    }

    private static DateTimeOffset Local(MailContent content) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(content.TimeZone, out var zone) ? TimeZoneInfo.ConvertTime(content.ReceivedAt, zone) : content.ReceivedAt;
}
