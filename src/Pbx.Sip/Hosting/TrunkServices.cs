using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Engine.Trunks;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Hosting;

/// <summary>Registers the trunks.</summary>
internal static class TrunkServices
{
    /// <summary>Adds the room of the trunks, and how it finds providers.</summary>
    public static IServiceCollection AddTrunks(this IServiceCollection services, SipOptions options)
    {
        services.AddSingleton<INameService>(new DnsNameService([.. options.DnsServers.Select(server => DnsServer.Parse(server)!)]));
        services.AddSingleton(s => new ServerLocator(s.GetRequiredService<INameService>(), s.GetRequiredService<TimeProvider>(), Random.Shared));
        services.AddSingleton<TrunkRoom>();
        services.AddSingleton<ITrunkWays>(s => s.GetRequiredService<TrunkRoom>());
        services.AddSingleton<IEndpointRoom>(s => s.GetRequiredService<TrunkRoom>());
        services.AddSingleton<IBackgroundRoom>(s => s.GetRequiredService<TrunkRoom>());
        return services.AddSingleton<ILiveTopic<ValueList<LiveTrunk>>>(s => s.GetRequiredService<TrunkRoom>().Live);
    }
}
