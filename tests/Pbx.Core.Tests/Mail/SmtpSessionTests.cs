using Pbx.Core.Common;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using Pbx.Testing.Mail;

namespace Pbx.Core.Tests.Mail;

public sealed class SmtpSessionTests
{
    [Theory, InlineData(MailSecurity.StartTls, true), InlineData(MailSecurity.StartTls, false), InlineData(MailSecurity.Tls, true), InlineData(MailSecurity.None, true)]
    public async Task TestMail_OverEachSecurity_GivesTheServersAnswer(MailSecurity security, bool plain)
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            StartTls = security == MailSecurity.StartTls, ImplicitTls = security == MailSecurity.Tls, Credentials = ("pbx", "s3cret"), AuthPlain = plain,
        });

        var result = await TestAsync(sink, new MailSettings { Security = security, UserName = "pbx", Password = new Secret("s3cret") });

        Assert.StartsWith("250 2.0.0 Ok: queued as", result.Value, StringComparison.Ordinal);
        var mail = sink.Mails.Single();
        Assert.Equal((security != MailSecurity.None, "pbx"), (mail.Encrypted, mail.User));
        Assert.Equal(["admin@demo.example"], mail.To);
    }

    [Fact]
    public async Task TestMail_StartTlsNotOffered_IsRefusedBeforeAnySecret()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Credentials = ("pbx", "s3cret") });

        var result = await TestAsync(sink, new MailSettings { Security = MailSecurity.StartTls, UserName = "pbx", Password = new Secret("s3cret") });

        Assert.Contains("STARTTLS", Words(result), StringComparison.Ordinal);
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task TestMail_WrongPassword_GivesTheServersWordsAndNotThePassword()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Credentials = ("pbx", "s3cret") });

        var result = await TestAsync(sink, new MailSettings { Security = MailSecurity.None, UserName = "pbx", Password = new Secret("wr0ng") });

        Assert.Contains("535", Words(result), StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", Words(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestMail_CertificateNotTrusted_SaysSo()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { ImplicitTls = true });

        var result = await TestAsync(sink, new MailSettings { Security = MailSecurity.Tls }, trust: false);

        Assert.Contains("certificate", Words(result), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task TestMail_ServerRefuses_GivesItsWords()
    {
        await using var sink = SmtpSink.Start();
        sink.Once(SmtpStep.RcptTo, new SmtpReaction("550 5.7.1 Relaying denied"));

        var result = await TestAsync(sink, new MailSettings { Security = MailSecurity.None });

        Assert.Equal("550 5.7.1 Relaying denied", Words(result));
    }

    [Fact]
    public async Task TestMail_ServerDownOrNotSet_SaysSo()
    {
        await using var sink = SmtpSink.Start();
        await sink.DownAsync();

        Assert.Contains("refused", Words(await TestAsync(sink, new MailSettings { Security = MailSecurity.None })), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("mail-server-missing", (await TestAsync(sink, new MailSettings(), keepHost: true)).Errors.Single().Code);
    }

    [Fact]
    public async Task TestMail_AddressesThatAreNone_AreNamed()
    {
        await using var sink = SmtpSink.Start();

        Assert.Contains("sender", Words(await TestAsync(sink, new MailSettings { Security = MailSecurity.None }, from: "nobody")), StringComparison.Ordinal);
    }

    private static async Task<Result<string>> TestAsync(SmtpSink sink, MailSettings settings, bool trust = true, bool keepHost = false, string from = "pbx@demo.example")
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, trust ? sink : null, s => s.With(s.Settings with { Mail = new MailSettings() }));
        if (!keepHost) settings = settings with { Host = "localhost" };
        return await house.Outbox.TestMailAsync(settings with { Port = sink.Port, From = from }, "admin@demo.example");
    }

    private static string Words(Result<string> result)
    {
        Assert.Equal("mail-failed", result.Errors.Single().Code);
        return result.Errors[0].Message;
    }
}
