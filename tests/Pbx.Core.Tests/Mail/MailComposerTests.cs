using CsCheck;
using MimeKit;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Mail;
using Pbx.Core.Queues;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Voicemail;
using Pbx.Testing.Mail;

namespace Pbx.Core.Tests.Mail;

public sealed class MailComposerTests
{
    private static readonly DateTimeOffset Evening = new(2026, 7, 14, 22, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Mail_InFrench_SaysCallerLengthAndLocalTime()
    {
        var mail = Compose(Content("fr"));

        Assert.Equal("Message vocal de Zoé (+33612345678) (1:05) – Support", mail.Subject);
        Assert.Contains("mercredi 15 juillet 2026", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("00:30", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Zo&#233;", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(2), mail.Date.Offset);
        var attachment = Assert.IsType<MimePart>(mail.Attachments.Single());
        Assert.Equal(("message-vocal-2026-07-15-0030.wav", "audio/wav"), (attachment.FileName, attachment.ContentType.MimeType));
    }

    [Fact]
    public void Mail_InEnglishWithoutNumber_SaysWithheld()
    {
        var mail = Compose(Content("en") with { Caller = "", CallerName = "" });

        Assert.Equal("Voice message from number withheld (1:05) – Support", mail.Subject);
        Assert.Contains("15 July 2026", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public void Mail_WhateverTheCallerIsCalled_HasTheSameHeadersAndParts()
    {
        var names = Gen.String[Gen.Frequency((3, Gen.Char.AlphaNumeric), (1, Gen.Int[0, 5].Select(i => "\r\n\0\u2028\u202E<"[i])), (1, Gen.Char)), 0, 200];
        names.Sample(name =>
        {
            using var bytes = new MemoryStream();
            Compose(Content("fr") with { CallerName = name, MailboxName = name }).WriteTo(bytes);
            bytes.Position = 0;
            var mail = MimeMessage.Load(bytes);

            Assert.Equal(["From", "To", "Message-Id", "Date", "Subject", "Auto-Submitted", "MIME-Version"],
                mail.Headers.Select(h => h.Field).OrderBy(f => Array.IndexOf(["From", "To", "Message-Id", "Date", "Subject", "Auto-Submitted", "MIME-Version"], f)));
            Assert.Equal("alice@demo.example", Assert.Single(mail.To.Mailboxes).Address);
            Assert.DoesNotContain(mail.Subject!, char.IsControl);
            Assert.Single(mail.Attachments);
        });
    }

    [Fact]
    public void Job_OfTheSameMessageAndRecipient_HasTheSameIds()
    {
        var message = new NewMessage(Guid.NewGuid(), Guid.NewGuid(), "box", "1", "", Evening, 1000, "/r.wav");
        var job = MailJob.Of(message, "Alice@demo.example", "demo.example", Content("fr"));

        Assert.Equal(job, MailJob.Of(message, "Alice@demo.example", "demo.example", Content("fr")));
        Assert.Equal(job.Id, MailJob.Of(message, "alice@demo.example", "demo.example", Content("fr")).Id);
        Assert.NotEqual(job.Id, MailJob.Of(message, "bob@demo.example", "demo.example", Content("fr")).Id);
        Assert.NotEqual(job.InternetMessageId, MailJob.Of(message, "bob@demo.example", "demo.example", Content("fr")).InternetMessageId);
        Assert.EndsWith("@demo.example", job.InternetMessageId, StringComparison.Ordinal);
    }

    [Fact]
    public void Recipients_OfExtensionsQueuesAndAddresses_AreEachThereOnce()
    {
        var snapshot = PbxSnapshot.Empty
            .With(Person("a", "a@x.example")).With(Person("b", "B@x.example")).With(Person("c", null))
            .With(new Queue { Key = "q", Name = "q", Site = "s", Agents = [new("b"), new("c"), new("gone")] });
        var mailbox = new Mailbox
        {
            Key = "m", Name = "m", Site = "s", MailExtensions = ["a", "gone"], MailQueues = ["q", "gone"], MailAddresses = ["b@x.example", " d@x.example ", ""],
        };

        Assert.Equal(["a@x.example", "B@x.example", "d@x.example"], MailPlanner.Recipients(mailbox, snapshot));
    }

    [Fact]
    public void Recipients_NoneSet_AreTheOwnersOfTheMailbox()
    {
        var snapshot = PbxSnapshot.Empty.With(Person("a", "a@x.example") with { Mailbox = "m" }).With(Person("b", "b@x.example") with { Mailbox = "other" });

        Assert.Equal(["a@x.example"], MailPlanner.Recipients(new Mailbox { Key = "m", Name = "m", Site = "s" }, snapshot));
        Assert.Empty(MailPlanner.Recipients(new Mailbox { Key = "m", Name = "m", Site = "s", MailExtensions = ["c"] }, snapshot));
    }

    [Fact]
    public async Task Attachment_AsMp3_IsConverted()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink, s => s.With(s.Mailboxes["alice"] with { Attachment = AttachmentFormat.Mp3 }));

        await house.Voicemail.KeepAsync(house.Message("alice"));
        var mail = (await sink.WaitForAsync(1))[0];

        var attachment = (MimePart)mail.Message.Attachments.Single();
        Assert.Equal("audio/mpeg", attachment.ContentType.MimeType);
        Assert.EndsWith(".mp3", attachment.FileName, StringComparison.Ordinal);
        Assert.InRange(mail.Attachment().Length, 5_000, 30_000);
    }

    [Fact]
    public async Task Message_DeletedBeforeItsMailGoes_IsStillAttached()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await sink.DownAsync();
        await using var house = await MailHouse.StartAsync(database, sink);
        var message = house.Message("alice");
        await house.Voicemail.KeepAsync(message);
        await house.OutboxAsync(all => all is [{ Attempts: 1 }]);

        await house.Voicemail.MarkAsync("alice", message.Id, MessageMark.Deleted);
        await house.DrainedAsync();
        Assert.Null(await house.Voicemail.AudioFileAsync("alice", message.Id));
        sink.Up();
        house.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.NotEmpty((await sink.WaitForAsync(1))[0].Attachment());
    }

    private static MimeMessage Compose(MailContent content)
    {
        var message = new NewMessage(Guid.NewGuid(), Guid.NewGuid(), "box", content.Caller, content.CallerName, Evening, content.Milliseconds, "/r.wav");
        var job = MailJob.Of(message, "alice@demo.example", "demo.example", content);
        return MailComposer.Compose(job, "pbx@demo.example", "Démo SA", new MailSound([1, 2, 3], AttachmentFormat.Wav));
    }

    private static MailContent Content(string language) =>
        new(language, "Europe/Paris", "Support", "+33612345678", "Zoé", Evening, 65_000, AttachmentFormat.Wav);

    private static Extension Person(string key, string? email) => new() { Key = key, Name = key, Number = key, Site = "s", Email = email };
}
