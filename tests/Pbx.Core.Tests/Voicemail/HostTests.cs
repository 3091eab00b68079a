using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Hosting;
using Pbx.Core.Mail;
using Pbx.Core.Prompts;
using Pbx.Core.Sites;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Tests.Mail;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Tests.Voicemail;

/// <summary>The services as the product registers them.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task Core_StoppedAndStarted_HasItsMessagesMailsAndRecords()
    {
        using var directory = new TemporaryDirectory();
        var (call, message) = (Guid.NewGuid(), Guid.NewGuid());
        using (var host = Build(directory.Data))
        {
            await host.StartAsync();
            var configuration = host.Services.GetRequiredService<IConfiguration>();
            var applied = await configuration.ApplyAsync(
            [
                new Change.Put(new Site { Key = "paris", Name = "Paris" }),
                new Change.Put(new Mailbox { Key = "paris", Name = "Paris", Site = "paris", MailAddresses = ["a@demo.example"] }),
            ], new Actor("test", ChangeSource.System));
            Assert.Empty(applied.Errors);
            var recording = Path.Combine(directory.Data.Path, "recording.wav");
            await File.WriteAllBytesAsync(recording, CanonicalWav.Write(MailHouse.Tone(3000, 8000), 8000));

            host.Services.GetRequiredService<ICallJournal>().Started(new CallRecord { Id = call, StartedAt = DateTimeOffset.UnixEpoch });
            await host.Services.GetRequiredService<IVoicemail>().KeepAsync(new NewMessage(message, call, "paris", "1", "", DateTimeOffset.UnixEpoch, 3000, recording));
            await host.StopAsync();
        }

        using (var host = Build(directory.Data))
        {
            await host.StartAsync();
            await host.Services.GetRequiredService<Core.Messages.MessageLoader>().Loaded;

            Assert.Equal(message, Assert.Single(await host.Services.GetRequiredService<IVoicemail>().ListAsync("paris")).Id);
            var mails = await host.Services.GetRequiredService<IOutbox>().OfMessageAsync(message);
            Assert.Equal(("a@demo.example", MailState.Waiting), (mails.Single().Recipient, mails.Single().State));
            Assert.Equal(CallOutcome.Unfinished, (await host.Services.GetRequiredService<ICallRecords>().FindAsync(call))!.Record.Outcome);
            await host.StopAsync();
        }
    }

    private static IHost Build(DataDirectory directory)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        // The phrases are another test's.
        builder.Services.AddSingleton(new AudioOptions { Ffmpeg = "false" });
        builder.Services.AddPbxCore(new CoreOptions { DataDirectory = directory.Path });
        return builder.Build();
    }
}
