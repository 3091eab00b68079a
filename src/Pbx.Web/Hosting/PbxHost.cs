using Microsoft.AspNetCore.Localization;
using MudBlazor;
using MudBlazor.Services;
using Pbx.Web.Access;
using Pbx.Web.Account;
using Pbx.Web.Api;
using Pbx.Web.Features;
using Pbx.Web.Localization;
using Pbx.Web.Shell;

namespace Pbx.Web.Hosting;

/// <summary>Puts the process together: rooms below, console, API.</summary>
public static class PbxHost
{
    /// <summary>The application, not started.</summary>
    /// <param name="options">The boot options.</param>
    /// <param name="addRooms">Adds the rooms below; tests give their own.</param>
    public static WebApplication Build(BootOptions options, Action<IServiceCollection, BootOptions>? addRooms = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(PbxHost).Assembly.GetName().Name,
        });
        // Build output holds no copy of the packages' assets: their manifest says where they lie. Published output needs nothing.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ServeCertificate();
            ConsoleConnections.Limit(kestrel, options);
        });
        builder.WebHost.UseUrls([.. options.HttpUrls]);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        AddServices(builder.Services, options, addRooms ?? RoomServices.Add);
        var app = builder.Build();
        Configure(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, BootOptions options, Action<IServiceCollection, BootOptions> addRooms)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        addRooms(services, options);
        services.AddSignIn();
        services.AddSingleton<FirstSetup>();
        services.AddHttpContextAccessor();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.VisibleStateDuration = 4000;
        });
        services.AddTransient<MudLocalizer, ConsoleMudLocalizer>();
        services.AddScoped(_ => Texts.For(System.Globalization.CultureInfo.CurrentUICulture));
        services.AddSingleton<IClosureStates, ClosureStates>();
        foreach (var feature in ConsoleFeatures.All)
        {
            services.AddSingleton(feature);
            feature.AddServices(services);
        }
        services.AddApi();
        services.AddHostedService<StartBanner>();
        services.AddHostedService<DemoStart>();
        services.Configure<RequestLocalizationOptions>(localization =>
        {
            localization.SetDefaultCulture("en").AddSupportedCultures([.. Texts.Languages]).AddSupportedUICultures([.. Texts.Languages]);
            localization.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });
    }

    private static void Configure(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseStatusCodePagesWhenPage();
        app.UseRequestLocalization();
        app.UseSipWebSockets();
        app.UseRouting();
        app.UseSameOriginGuard();
        app.UseAuthentication();
        app.UseAdministratorAddresses();
        app.UseAccountDetours();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapCertificates();
        app.MapSipWebSocket();
        app.MapAccount();
        app.MapApi();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    // Programs get the bare status; a browser that asks for a page gets one.
    private static void UseStatusCodePagesWhenPage(this IApplicationBuilder app) => app.UseWhen(
        context => !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            && !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
            && !context.Request.Path.StartsWithSegments("/sip", StringComparison.Ordinal),
        branch => branch.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
}
