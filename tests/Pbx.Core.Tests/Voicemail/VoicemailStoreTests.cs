using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Messages;
using Pbx.Core.Prompts;
using Pbx.Core.Spool;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Tests.Mail;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Tests.Voicemail;

public sealed class VoicemailStoreTests
{
    [Theory, DatabaseData]
    public async Task Messages_KeptMarkedAndDeleted_AreTheSameAfterARestart(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        var messages = new List<NewMessage>();
        for (var i = 0; i < 4; i++)
        {
            messages.Add(house.Message("nobody", $"Caller {i}"));
            await house.Voicemail.KeepAsync(messages[i]);
            house.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await house.Voicemail.MarkAsync("nobody", messages[0].Id, MessageMark.Heard);
        await house.Voicemail.MarkAsync("nobody", messages[1].Id, MessageMark.Heard);
        await house.Voicemail.MarkAsync("nobody", messages[1].Id, MessageMark.Saved);
        await house.Voicemail.MarkAsync("nobody", messages[2].Id, MessageMark.Deleted);
        await AssertAsync(house);

        await house.StopAsync();
        await house.StartAsync();
        await house.Get<MessageLoader>().Loaded;
        await AssertAsync(house);

        async Task AssertAsync(MailHouse house)
        {
            Assert.Equal(new MailboxCount(2, 1), house.Voicemail.Counts["nobody"]);
            var list = await house.Voicemail.ListAsync("nobody");
            Assert.Equal([(3, false), (1, false), (0, true)], list.Select(m => (messages.FindIndex(n => n.Id == m.Id), m.Heard)));
            Assert.Equal("Caller 3", list[0].CallerName);
            Assert.NotNull(await house.Voicemail.AudioFileAsync("nobody", messages[0].Id));
            Assert.Null(await house.Voicemail.AudioFileAsync("nobody", messages[2].Id));
        }
    }

    [Fact]
    public async Task Message_Deleted_GoesWithItsFileAndRow()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        var message = house.Message("nobody");
        await house.Voicemail.KeepAsync(message);
        var file = (await house.Voicemail.AudioFileAsync("nobody", message.Id))!;
        Assert.Equal(house.Directory.MessageFile("nobody", message.Id), file);
        Assert.False(File.Exists(message.RecordingFile));

        await house.Voicemail.MarkAsync("nobody", message.Id, MessageMark.Deleted);
        await house.DrainedAsync();
        await house.Get<MessageLoader>().SweepAsync(default);

        Assert.False(File.Exists(file));
        await using var context = database.Open();
        Assert.Equal(0, await context.Set<MessageRow>().CountAsync());
        Assert.Empty(await house.Voicemail.ListAsync("nobody"));
        await house.Voicemail.MarkAsync("nobody", message.Id, MessageMark.Heard);
        Assert.Equal(new MailboxCount(0, 0), house.Voicemail.Counts["nobody"]);
    }

    [Fact]
    public async Task Counts_Changing_CallBackWithTheMailbox()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        await house.Get<MessageLoader>().Loaded;
        var heard = new List<string>();
        var message = house.Message("alice");
        using (house.Voicemail.Subscribe(heard.Add))
        {
            await house.Voicemail.KeepAsync(message);
            await house.Voicemail.KeepAsync(message);
            await house.Voicemail.MarkAsync("alice", message.Id, MessageMark.Heard);
            await house.Voicemail.MarkAsync("alice", message.Id, MessageMark.Heard);
        }
        await house.Voicemail.MarkAsync("alice", message.Id, MessageMark.Deleted);

        Assert.Equal(["alice", "alice"], heard);
    }

    [Theory, DatabaseData]
    public async Task Start_WithTheDatabaseAway_HasWhatTheSpoolHasAndTheRestLater(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        var stored = house.Message("nobody");
        await house.Voicemail.KeepAsync(stored);
        await house.DrainedAsync();
        await house.StopAsync();
        await house.StartAsync();
        database.Away = true;
        var spooled = house.Message("nobody");
        await house.Voicemail.KeepAsync(spooled);
        await house.StopAsync();

        await house.StartAsync();
        Assert.Contains(await house.Voicemail.ListAsync("nobody"), m => m.Id == spooled.Id);
        // Not loaded yet, and deleted all the same: the mark is remembered until the message is known.
        await house.Voicemail.MarkAsync("nobody", stored.Id, MessageMark.Deleted);
        database.Away = false;
        while (!house.Get<MessageLoader>().Loaded.IsCompleted)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal([spooled.Id], (await house.Voicemail.ListAsync("nobody")).Select(m => m.Id));
        await house.DrainedAsync();
        Assert.Equal(0, house.Journal.Pending);
    }

    [Fact]
    public async Task Process_KilledBeforeTheFileWasMoved_MovesItAtTheNextStart()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        database.Away = true;
        var message = house.Message("nobody");
        await house.Get<SpoolLog>().AppendAsync(SpoolEntry.Of(MessageSink.MessageKind, new KeptMessage(message, [])));

        await house.StopAsync();
        await house.StartAsync();

        Assert.Equal([message.Id], (await house.Voicemail.ListAsync("nobody")).Select(m => m.Id));
        Assert.NotNull(await house.Voicemail.AudioFileAsync("nobody", message.Id));
    }

    [Fact]
    public async Task Process_KilledWhileRecording_KeepsWhatWasRecorded()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        var places = house.Get<IRecordingPlaces>();
        var (good, tooShort, silent) = (house.Message("nobody"), house.Message("nobody"), house.Message("nobody"));
        WriteCut(places.BeginMessage(good), MailHouse.Tone(4000, 8000));
        WriteCut(places.BeginMessage(tooShort), MailHouse.Tone(1500, 8000));
        WriteCut(places.BeginMessage(silent), new short[40_000]);
        var other = places.BeginOther(Guid.NewGuid());
        WriteCut(other, MailHouse.Tone(4000, 8000));

        await house.StopAsync();
        await house.StartAsync();
        while (Directory.GetFiles(house.Directory.Recordings).Length > 0) await Task.Yield();

        var kept = Assert.Single(await house.Voicemail.ListAsync("nobody"));
        Assert.Equal((good.Id, 4000, good.Caller), (kept.Id, kept.Milliseconds, kept.Caller));
        var file = await File.ReadAllBytesAsync((await house.Voicemail.AudioFileAsync("nobody", good.Id))!);
        Assert.Equal(CanonicalWav.Write(MailHouse.Tone(4000, 8000), 8000), file);
        Assert.False(File.Exists(other));
    }

    [Fact]
    public async Task Recording_Discarded_IsGoneWithItsDraft()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        var places = house.Get<IRecordingPlaces>();
        var path = places.BeginMessage(house.Message("nobody"));
        WriteCut(path, MailHouse.Tone(4000, 8000));
        places.Discard(path);

        await house.StopAsync();

        Assert.False(File.Exists(path));
        Assert.False(File.Exists(MessageFiles.DraftOf(path)));
    }

    [Fact]
    public async Task Draft_WrittenByBeginMessage_NamesItsFile()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        var draft = house.Message("nobody");
        var path = house.Get<IRecordingPlaces>().BeginMessage(draft);

        await house.StopAsync();

        Assert.Equal(draft with { RecordingFile = path }, JsonSerializer.Deserialize<NewMessage>(await File.ReadAllBytesAsync(MessageFiles.DraftOf(path))));
    }

    [Fact]
    public async Task Mailbox_ThatIsAPath_IsRefused()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);

        Assert.Throws<ArgumentException>(() => house.Get<MessageFiles>().Find("../..", Guid.NewGuid()));
    }

    /// <summary>As a killed server leaves it: the header does not say how long it is.</summary>
    private static void WriteCut(string path, short[] samples)
    {
        var file = CanonicalWav.Write(samples, 8000);
        file.AsSpan(4, 4).Clear();
        file.AsSpan(40, 4).Clear();
        DataDirectory.Make(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, file);
    }
}
