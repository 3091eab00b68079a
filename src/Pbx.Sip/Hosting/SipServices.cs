using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Certificates;
using Pbx.Core.Common;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Hosting;

/// <summary>Registers the services of this assembly.</summary>
public static class SipServices
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(65);

    /// <summary>
    /// Adds the SIP stack, media and the engine, and the hosted service that runs them. Needs what <c>AddPbxCore</c> adds, and is called
    /// after it. Refuses options that cannot be used, with all their mistakes.
    /// </summary>
    /// <exception cref="ArgumentException">The options have mistakes; the message lists all.</exception>
    public static IServiceCollection AddPbxSip(this IServiceCollection services, SipOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new ArgumentException(string.Join(Environment.NewLine, mistakes), nameof(options));
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SteadyClock>();
        // Running calls may finish: the host must not cut that short (the configured time is at most an hour).
        services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        return services.AddStack(options).AddMedia(options).AddRegistrar().AddDefence(options).AddTrunks(options).AddCalls(options).AddHost();
    }

    private static IServiceCollection AddStack(this IServiceCollection services, SipOptions options)
    {
        services.AddSingleton(new TransportOptions
        {
            Bind = [.. options.Bind.Select(IPAddress.Parse)],
            Port = options.Port,
            TlsPort = options.TlsPort,
            AdvertisedAddress = options.AdvertisedAddress,
            LocalNetworks = [.. options.LocalNetworks.Select(network => IPNetwork.Parse(network))],
            MaxConnections = options.Limits.Connections,
            MaxConnectionsPerAddress = options.Limits.ConnectionsPerAddress,
            FirstMessageTimeout = TimeSpan.FromSeconds(options.Limits.FirstMessageSeconds),
            IdleTimeout = TimeSpan.FromSeconds(options.Limits.IdleSeconds),
            Limits = new SipLimits
            {
                MessageBytes = options.Limits.MessageBytes, Headers = options.Limits.Headers, HeaderBytes = options.Limits.HeaderBytes,
            },
        });
        services.AddSingleton<SipCounters>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton(s => new SipStack(options.EffectiveShards, s.GetRequiredService<TimeProvider>(), TransactionTimes.Standard,
            new ShardLimits(Transactions: options.Limits.Transactions), s.GetRequiredService<IGate>(), s.GetRequiredService<SipCounters>(), s.GetRequiredService<ILogger<SipStack>>()));
        services.AddSingleton(s => new SipListeners(s.GetRequiredService<TransportOptions>(), s.GetRequiredService<SipStack>().FrontDoor,
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SipListeners>>(), s.GetRequiredService<SipStack>().OnUnhandled,
            elliptic => s.GetRequiredService<ICertificateSource>().Current?.ContextFor(elliptic)));
        services.AddSingleton<ISipWebSockets, SipWebSockets>();
        return services.AddSingleton<ISipSender, SipSender>();
    }

    private static IServiceCollection AddHost(this IServiceCollection services)
    {
        services.AddSingleton<SipHost>();
        return services.AddHostedService(s => s.GetRequiredService<SipHost>());
    }
}
