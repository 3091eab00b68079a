using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pbx.Core.Audio;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Messages;
using Pbx.Core.Prompts;
using Pbx.Core.Voicemail;
using Pbx.Sip.Authentication;
using Pbx.Sip.Defence;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Engine.Live;
using Pbx.Sip.Engine.Queues;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Apart;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Hosting;

/// <summary>Registers media, the registrar, calls and queues, and what they show.</summary>
internal static class EngineServices
{
    /// <summary>Adds media.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services, SipOptions options)
    {
        services.AddSingleton(new MediaOptions
        {
            // One socket of the any-address takes both families; a single address stays what it is.
            Bind = options.Bind is [var only] ? IPAddress.Parse(only) : IPAddress.IPv6Any,
            FirstPort = options.RtpFirstPort,
            LastPort = options.RtpLastPort,
        });
        services.AddSingleton(s => new SoundLibrary(s.GetRequiredService<IAudioLibrary>(), s.GetRequiredService<ISnapshotSource>(),
            s.GetRequiredService<IVoicemail>()));
        services.AddSingleton(s =>
        {
            var media = MediaOf(s, options);
            s.GetRequiredService<SipCounters>().AddGauge("rtp-ports", () => media.Counters.Ports);
            return media;
        });
        return services.AddSingleton<IMedia>(s => s.GetRequiredService<IMediaHost>());
    }

    private static IMediaHost MediaOf(IServiceProvider s, SipOptions options)
    {
        var (settings, sounds, time) = (s.GetRequiredService<MediaOptions>(), s.GetRequiredService<SoundLibrary>(), s.GetRequiredService<TimeProvider>());
        Action<Exception> faulted = s.GetRequiredService<SipStack>().OnUnhandled;
        if (options.MediaCommand is not { Count: > 0 } command || !MediaProcess.IsSupported) return new MediaEngine(settings, sounds, time, faulted);
        var media = new MediaProcess(settings, sounds, socket => ChildProgram.Start(command, socket), time, faulted, s.GetRequiredService<ILogger<MediaProcess>>());
        media.Publish(s.GetRequiredService<SipCounters>());
        return media;
    }

    /// <summary>Adds the registrar and who authenticates devices.</summary>
    public static IServiceCollection AddRegistrar(this IServiceCollection services)
    {
        services.AddSingleton(s => new RegistrarOptions
        {
            JournalFile = Path.Combine(s.GetRequiredService<DataDirectory>().Path, "registrations"),
        });
        services.AddSingleton(s =>
        {
            var digest = new DigestServer();
            s.GetRequiredService<SipCounters>().AddGauge("digest-hashes", () => digest.Hashes);
            return digest;
        });
        services.AddSingleton<RefusedDevices>();
        services.AddSingleton<IRefusals>(s => s.GetRequiredService<RefusedDevices>());
        services.AddSingleton<DeviceAuthenticator>();
        services.AddSingleton(s =>
        {
            var registrar = ActivatorUtilities.CreateInstance<Registrar>(s);
            var counters = s.GetRequiredService<SipCounters>();
            counters.AddGauge("registrations", () => registrar.Count);
            counters.AddGauge("registrations-unwritten", () => registrar.Unwritten);
            registrar.Appeared += s.GetRequiredService<RefusedDevices>().Forget;
            return registrar;
        });
        services.AddSingleton<IEndpointRoom, RegisterRoom>();
        services.AddSingleton<DeviceCallers>();
        services.AddSingleton<DeviceWays>();
        services.AddSingleton<IEndpointRoom, MessageWaiting>();
        return services.AddSingleton<IExtensionWays>(s => s.GetRequiredService<DeviceWays>());
    }

    /// <summary>Adds calls, queues, and what console and API see and ask of them.</summary>
    public static IServiceCollection AddCalls(this IServiceCollection services, SipOptions options)
    {
        services.AddSingleton(s => new LiveCalls(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new EngineLimits(options.MaxCalls, options.VerifyReplay,
            new CallLimits(options.Limits.CallsPerExtension, options.Limits.CallsPerAddress, options.Limits.CallsPerMinute)));
        services.AddSingleton(s => new PbxEngine(new Callers(s.GetRequiredService<ITrunkWays>(), s.GetRequiredService<DeviceCallers>(), s.GetRequiredService<ILogger<Callers>>()),
            (observer, _) => Surroundings(s, observer), s.GetRequiredService<EngineLimits>(), s.GetRequiredService<SipCounters>(),
            s.GetRequiredService<ILogger<PbxEngine>>()));
        services.AddSingleton(s => new QueueHost(s.GetRequiredService<ISnapshotSource>(), s.GetRequiredService<PbxEngine>(),
            s.GetRequiredService<SteadyClock>(), exception => QueueFailed(s, exception)));
        services.AddSingleton<IEndpointRoom>(s => s.GetRequiredService<PbxEngine>());
        services.AddSingleton<IRunningCalls>(s => s.GetRequiredService<PbxEngine>());
        services.AddSingleton<IBackgroundRoom, EngineRoom>();
        services.AddSingleton<IBackgroundRoom, BackgroundCollection>();
        services.AddSingleton(s =>
        {
            var pauses = new GarbagePauses(s.GetRequiredService<TimeProvider>());
            pauses.Publish(s.GetRequiredService<SipCounters>());
            return pauses;
        });
        services.AddSingleton<IPbxControl>(s =>
        {
            var journal = s.GetRequiredService<ICallJournal>();
            s.GetRequiredService<SipCounters>().AddGauge("queued-writes", () => journal.Pending);
            return new PbxControl(s.GetRequiredService<PbxEngine>(), s.GetRequiredService<SipCounters>(), s.GetRequiredService<GarbagePauses>(),
                s.GetRequiredService<IMedia>(), () => s.GetRequiredService<SipHost>().IsReady);
        });
        return services.AddSingleton<ILiveView>(s => new LiveView(s.GetRequiredService<LiveCalls>().Topic, s.GetRequiredService<Registrar>().Topic,
            s.GetRequiredService<RefusedDevices>().Topic, s.GetRequiredService<ILiveTopic<ValueList<LiveTrunk>>>(), s.GetRequiredService<QueueHost>().Topic));
    }

    private static CallSurroundings Surroundings(IServiceProvider s, ICallObserver observer) => new(
        s.GetRequiredService<IConfiguration>(), s.GetRequiredService<IMedia>(), s.GetRequiredService<IExtensionWays>(),
        s.GetRequiredService<ITrunkWays>(), s.GetRequiredService<QueueHost>(), s.GetRequiredService<ICallJournal>(),
        s.GetRequiredService<IVoicemail>(), s.GetRequiredService<IRecordingPlaces>(), s.GetRequiredService<IPhoneRecordings>(),
        s.GetRequiredService<LiveCalls>(), s.GetRequiredService<OutboundLedger>(), s.GetRequiredService<IAlerts>(), observer);

    private static void QueueFailed(IServiceProvider s, Exception exception)
    {
        s.GetRequiredService<SipCounters>().CountUnhandledException();
        s.GetRequiredService<ILogger<QueueHost>>().QueueTroubled(exception);
    }
}
