using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Extensions;
using Pbx.Core.Hosting;
using Pbx.Core.Mail;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Core.Spool;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Voicemail;
using Pbx.Testing;
using Pbx.Testing.Mail;

namespace Pbx.Core.Tests.Mail;

/// <summary>
/// Voicemail, mail and call records as the product wires them, on a real database and a real disk, with a clock that tests move. It can
/// be killed and started again on the same disk and database.
/// </summary>
internal sealed class MailHouse : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly SmtpOptions smtp;
    private ServiceProvider? services;
    private List<IHostedService> running = [];

    private MailHouse(TestDatabase database, DataDirectory directory, FixedSnapshots configuration, SmtpOptions smtp) =>
        (this.database, Directory, Configuration, this.smtp) = (database, directory, configuration, smtp);

    public FakeClock Clock { get; private init; } = new();

    public FixedSnapshots Configuration { get; }

    public DataDirectory Directory { get; }

    public IVoicemail Voicemail => Get<IVoicemail>();

    public IOutbox Outbox => Get<IOutbox>();

    public ICallJournal Journal => Get<ICallJournal>();

    public ICallRecords Records => Get<ICallRecords>();

    public static async Task<MailHouse> StartAsync(TestDatabase database, SmtpSink? sink, Func<PbxSnapshot, PbxSnapshot>? change = null)
    {
        var snapshot = Company(sink?.Port);
        var house = new MailHouse(database, database.Directory, new FixedSnapshots(change?.Invoke(snapshot) ?? snapshot),
            new SmtpOptions { CertificateCheck = sink is null ? null : (_, certificate, _, _) => certificate!.Equals(sink.Certificate) });
        await house.StartAsync();
        return house;
    }

    public T Get<T>() where T : notnull => services!.GetRequiredService<T>();

    public async Task StartAsync()
    {
        var collection = new ServiceCollection().AddLogging();
        collection.AddSingleton<TimeProvider>(Clock);
        collection.AddSingleton(Directory);
        collection.AddSingleton<OpenDatabase>(database.Open);
        collection.AddSingleton<IConfiguration>(Configuration);
        collection.AddSingleton<ISnapshotSource>(Configuration);
        collection.AddSingleton(smtp);
        collection.AddSingleton(new AudioOptions());
        collection.AddVoicemailAndMail();
        services = collection.BuildServiceProvider();
        // The phrases are another test's: here they would only cost time.
        running = [.. services.GetServices<IHostedService>().Where(s => s is not Core.Audio.PhraseSpeaker)];
        foreach (var service in running) await service.StartAsync(TestContext.Current.CancellationToken);
    }

    public async Task StopAsync()
    {
        foreach (var service in Enumerable.Reverse(running)) await service.StopAsync(CancellationToken.None);
        running = [];
        if (services is not null) await services.DisposeAsync();
        services = null;
    }

    /// <summary>The house as a kill at this moment would leave it: the disk as it is, the same database, a new process.</summary>
    public async Task<MailHouse> KilledAsync(TemporaryDirectory disk)
    {
        var house = new MailHouse(database, disk.Data, Configuration, smtp) { Clock = Clock };
        await house.StartAsync();
        return house;
    }

    /// <summary>Waits until all lines are in the database.</summary>
    public Task DrainedAsync() => Get<SpoolDrain>().DrainAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until the outbox is as wanted.</summary>
    public async Task<IReadOnlyList<OutboxItem>> OutboxAsync(Func<IReadOnlyList<OutboxItem>, bool> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var changed = new SemaphoreSlim(0);
        using var subscription = Outbox.Subscribe(() => changed.Release());
        while (true)
        {
            var items = (await Outbox.ListAsync(null, null, 0, 100, limit.Token)).Items;
            if (wanted(items)) return items;
            if (!await changed.WaitAsync(TimeSpan.FromSeconds(15), limit.Token))
                throw new TimeoutException("The outbox holds: " + string.Join(" | ", items.Select(i => $"{i.Recipient} {i.State} {i.LastReply}")));
        }
    }

    /// <summary>A recording of a tone, as a call would leave it.</summary>
    public string Record(int milliseconds = 3000)
    {
        DataDirectory.Make(Directory.Recordings);
        var path = Path.Combine(Directory.Recordings, Guid.NewGuid().ToString("N") + ".wav");
        File.WriteAllBytes(path, CanonicalWav.Write(Tone(milliseconds, 8000), 8000));
        return path;
    }

    public static short[] Tone(int milliseconds, int rate) =>
        [.. Enumerable.Range(0, milliseconds * rate / 1000).Select(i => (short)(8000 * Math.Sin(2 * Math.PI * 440 * i / rate)))];

    public NewMessage Message(string mailbox = "paris-support", string name = "Jean Dupont") => new(Guid.NewGuid(), Guid.NewGuid(), mailbox,
        "+33612345678", name, Clock.GetUtcNow(), 3000, Record());

    public async ValueTask DisposeAsync() => await StopAsync();

    private static PbxSnapshot Company(int? port) => new PbxSnapshot
    {
        Settings = new SystemSettings
        {
            CompanyName = "Démo SA",
            Mail = new MailSettings { Host = port is null ? null : "127.0.0.1", Port = port ?? 25, Security = MailSecurity.None, From = "pbx@demo.example" },
        },
    }
        .With(new Site { Key = "paris", Name = "Paris", Language = "fr", TimeZone = "Europe/Paris" })
        .With(new Extension { Key = "alice", Name = "Alice", Number = "101", Site = "paris", Email = "alice@demo.example", Mailbox = "alice" })
        .With(new Extension { Key = "bruno", Name = "Bruno", Number = "102", Site = "paris", Email = "bruno@demo.example" })
        .With(new Queue { Key = "support", Name = "Support", Site = "paris", Agents = [new("alice"), new("bruno")] })
        .With(new Mailbox { Key = "paris-support", Name = "Support Paris", Site = "paris", MailQueues = ["support"] })
        .With(new Mailbox { Key = "alice", Name = "Alice", Site = "paris" })
        .With(new Mailbox { Key = "nobody", Name = "Nobody", Site = "paris" });
}
