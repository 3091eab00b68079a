using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Sip.Defence;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine.Live;
using Pbx.Sip.Engine.Trunks;

namespace Pbx.Sip.Hosting;

/// <summary>Registers who may speak.</summary>
internal static class DefenceServices
{
    /// <summary>Adds the gate and its lists.</summary>
    public static IServiceCollection AddDefence(this IServiceCollection services, SipOptions options)
    {
        services.AddSingleton(s => new DefenceOptions
        {
            FailuresPerAddress = options.Limits.FailuresPerAddress,
            GuessesPerAccount = options.Limits.GuessesPerAccount,
            FirstBan = TimeSpan.FromSeconds(options.Limits.BanSeconds),
            File = Path.Combine(s.GetRequiredService<DataDirectory>().Path, "defence"),
        });
        services.AddSingleton(s =>
        {
            var bans = ActivatorUtilities.CreateInstance<BanList>(s);
            s.GetRequiredService<SipCounters>().AddGauge("bans", () => bans.Current().Count);
            return bans;
        });
        services.AddSingleton(s => new DigestPolicy(DigestPolicy.KeyIn(Path.Combine(s.GetRequiredService<DataDirectory>().Path, "challenge-key"))));
        services.AddSingleton<KnownAddresses>();
        services.AddSingleton<AllowList>();
        services.AddSingleton(s =>
        {
            var guesses = ActivatorUtilities.CreateInstance<GuessGuard>(s);
            var alerts = s.GetRequiredService<IAlerts>();
            guesses.AccountAttacked += account => alerts.Raise(AlertKind.AccountAttacked, PacketText.Printable(account), "");
            return guesses;
        });
        services.AddSingleton<IProviders>(s => s.GetRequiredService<TrunkRoom>());
        services.AddSingleton<ClearPolicy>();
        services.AddSingleton<IGate, Gate>();
        services.AddSingleton<IBackgroundRoom, DefenceFile>();
        return services.AddSingleton<IProtection, Protection>();
    }
}
