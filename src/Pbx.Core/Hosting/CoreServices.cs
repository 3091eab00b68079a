using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pbx.Core.Access;
using Pbx.Core.Alerts;
using Pbx.Core.Certificates;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data;
using Pbx.Core.Live;

namespace Pbx.Core.Hosting;

/// <summary>Registers the services of this assembly.</summary>
public static class CoreServices
{
    private const int ShortestPassword = 10;

    /// <summary>
    /// Adds configuration, database, access (ASP.NET Core Identity's stores and managers of <c>PbxUser</c> and <c>PbxRole</c>; the web
    /// adds sign-in and cookies), prompts, voicemail, mail and call records. At the start of the host, before any hosted service runs,
    /// the database is migrated and the configuration is loaded. <see cref="AddPbxSetup"/> belongs to it.
    /// </summary>
    public static IServiceCollection AddPbxCore(this IServiceCollection services, CoreOptions options)
    {
        var directory = new DataDirectory(Path.GetFullPath(options.DataDirectory));
        DataDirectory.Make(directory.Path);
        DataDirectory.Make(directory.Keys);
        services.AddSingleton(options);
        services.AddSingleton(directory);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SteadyClock>();
        services.AddHostedService<ClockWatch>();
        services.AddDataProtection().SetApplicationName("pbx").PersistKeysToFileSystem(new DirectoryInfo(directory.Keys));
        services.AddHostedService(s => new DiskWatch(DiskWatch.PlacesOf(directory, s.GetRequiredService<PbxContextFactory>().Address), DiskWatch.Measure,
            s.GetRequiredService<IAlerts>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<DiskWatch>>()));
        return services.AddStart().AddCertificates(options).AddDatabase(options, directory).AddConfiguration().AddAccess().AddVoicemailAndMail();
    }

    /// <summary>
    /// Adds what prepares the console's users at the start. After all that answers calls, for calls do not wait for it; before the console.
    /// </summary>
    public static IServiceCollection AddPbxSetup(this IServiceCollection services) => services.AddHostedService<SetupStart>();

    private static IServiceCollection AddStart(this IServiceCollection services)
    {
        services.AddSingleton<DirectoryLock>();
        return services.AddHostedService<CoreStart>();
    }

    private static IServiceCollection AddCertificates(this IServiceCollection services, CoreOptions options)
    {
        services.AddSingleton<CertificateFolder>();
        services.AddSingleton(s => new CertificateStore(s.GetRequiredService<CertificateFolder>(), options.ServerNames,
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<CertificateStore>>()));
        return services.AddSingleton<ICertificateSource>(s => s.GetRequiredService<CertificateStore>());
    }

    private static IServiceCollection AddDatabase(this IServiceCollection services, CoreOptions options, DataDirectory directory)
    {
        services.AddSingleton(new PbxContextFactory(DatabaseAddress.Of(options.Provider, options.ConnectionString, directory)));
        services.AddSingleton<IDbContextFactory<PbxDbContext>>(s => s.GetRequiredService<PbxContextFactory>());
        // Identity's stores ask for a context of the request.
        services.AddScoped(s => s.GetRequiredService<PbxContextFactory>().CreateDbContext());
        services.AddScoped<IAccessAudit, AccessAudit>();
        services.AddSingleton<DatabaseMigration>();
        services.AddSingleton<SecretCipher>();
        services.AddSingleton<IConfigurationStorage, DatabaseStorage>();
        services.AddSingleton<IConsoleSessionStorage, ConsoleSessionStorage>();
        services.AddSingleton<IPasskeyCounts, PasskeyCounts>();
        return services.AddSingleton<IApiTokenStorage, ApiTokenStorage>();
    }

    private static IServiceCollection AddConfiguration(this IServiceCollection services)
    {
        services.AddSingleton<SnapshotFile>();
        services.AddSingleton<ConfigurationStore>();
        services.AddSingleton<IConfiguration>(s => s.GetRequiredService<ConfigurationStore>());
        services.AddSingleton<ISnapshotSource>(s => s.GetRequiredService<ConfigurationStore>());
        return services.AddSingleton<ConfigurationDocument>();
    }

    private static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddIdentityCore<PbxUser>(identity =>
        {
            // Length is what makes a password strong; rules about its characters only make it be written down.
            identity.Password = new PasswordOptions
            {
                RequiredLength = ShortestPassword, RequiredUniqueChars = 4, RequireDigit = false, RequireLowercase = false,
                RequireUppercase = false, RequireNonAlphanumeric = false,
            };
            identity.User.RequireUniqueEmail = true;
            identity.SignIn.RequireConfirmedAccount = true;
            identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        })
            .AddRoles<PbxRole>()
            .AddEntityFrameworkStores<PbxDbContext>()
            .AddUserStore<UserStore>()
            .AddClaimsPrincipalFactory<UserTicket>()
            .AddUserConfirmation<EnabledUsersOnly>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<AuthenticatorCodes>(TokenOptions.DefaultAuthenticatorProvider);
        services.AddSingleton<SingleUseCodes>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<UserAdministration>();
        services.AddSingleton<SystemSetup>();
        services.AddSingleton<ConsoleSessions>();
        services.AddSingleton<Passkeys>();
        services.AddSingleton<ApiTokens>();
        return services.AddSingleton<AuthorisedConfiguration>();
    }
}
