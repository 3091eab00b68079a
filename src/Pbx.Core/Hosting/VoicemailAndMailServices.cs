using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Pbx.Core.Alerts;
using Pbx.Core.Audio;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Data;
using Pbx.Core.Live;
using Pbx.Core.Mail;
using Pbx.Core.Messages;
using Pbx.Core.Prompts;
using Pbx.Core.Spool;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Hosting;

/// <summary>Registers prompts, voicemail, mail and call records.</summary>
internal static class VoicemailAndMailServices
{
    /// <summary>The environment variable that names <see cref="AudioOptions.SharedCache"/>.</summary>
    public const string SharedCacheVariable = "PBX__Audio__SharedCache";

    /// <summary>
    /// Adds them, on top of the database and the configuration. Their hosted services run in the order in which they are added here, and
    /// whatever takes calls is added after them.
    /// </summary>
    public static IServiceCollection AddVoicemailAndMail(this IServiceCollection services)
    {
        services.TryAddSingleton<OpenDatabase>(p => p.GetRequiredService<PbxContextFactory>().CreateDbContext);
        services.TryAddSingleton(new AudioOptions { SharedCache = Environment.GetEnvironmentVariable(SharedCacheVariable) });
        services.TryAddSingleton(new SpoolOptions());
        services.TryAddSingleton(new SmtpOptions());
        services.TryAddSingleton<SteadyClock>();

        services.AddSingleton<AudioLibrary>();
        services.AddSingleton<IAudioLibrary>(p => p.GetRequiredService<AudioLibrary>());
        services.AddSingleton<IPhoneRecordings, PhoneRecordings>();

        services.AddSingleton<SpoolLog>();
        services.AddSingleton<CallJournal>();
        services.AddSingleton<ICallJournal>(p => p.GetRequiredService<CallJournal>());
        services.AddSingleton<ICallRecords, CallRecordQueries>();
        services.AddSingleton<MailPlanner>();
        services.AddSingleton<MailSounds>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<OutboxSink>();
        services.AddSingleton<IAlerts, AlertBoard>();
        services.AddSingleton<OutboundLedger>();
        services.AddSingleton<IOutbox, Outbox>();
        services.AddSingleton<MessageFiles>();
        services.AddSingleton<MessageSink>();
        services.AddSingleton<VoicemailStore>();
        services.AddSingleton<IVoicemail>(p => p.GetRequiredService<VoicemailStore>());
        services.AddSingleton<RecordingPlaces>();
        services.AddSingleton<IRecordingPlaces>(p => p.GetRequiredService<RecordingPlaces>());
        services.AddSingleton<ISpoolSink>(p => p.GetRequiredService<CallJournal>());
        services.AddSingleton<ISpoolSink>(p => p.GetRequiredService<MessageSink>());
        services.AddSingleton<ISpoolSink>(p => p.GetRequiredService<OutboxSink>());

        services.AddHostedService<KeepingStart>();
        AddHosted<SpoolDrain>(services);
        services.AddHostedService(p => p.GetRequiredService<RecordingPlaces>());
        AddHosted<MessageLoader>(services);
        AddHosted<MailSender>(services);
        AddHosted<PhraseSpeaker>(services);
        return services;
    }

    private static void AddHosted<T>(IServiceCollection services) where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(p => p.GetRequiredService<T>());
    }
}
