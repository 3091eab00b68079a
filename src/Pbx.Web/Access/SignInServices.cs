using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Pbx.Core.Access;
using Pbx.Web.Shell;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Access;

/// <summary>How people and programs prove who they are: Identity's cookie for browsers, a bearer token for programs.</summary>
internal static class SignInServices
{
    private const string Either = "cookie-or-token";

    /// <summary>Adds sign-in, cookies and API tokens to the stores that the core has registered.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        new IdentityBuilder(typeof(PbxUser), typeof(PbxRole), services)
            .AddSignInManager();
        services.Configure<IdentityOptions>(options =>
        {
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        });
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = TimeSpan.FromMinutes(1);
            options.OnRefreshingPrincipal = SessionCookie.KeepAsync;
        });
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // A passkey stands for both factors, and is found without a name.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
        });
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector =
                context => BearerTokenHandler.IsMeant(context.Request) ? BearerTokenHandler.Scheme_ : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerTokenHandler>(BearerTokenHandler.Scheme_, null)
            .AddIdentityCookies();
        services.ConfigureApplicationCookie(ConfigureCookie);
        services.AddPermissionPolicies();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitAuthentication>();
        services.AddScoped<IConfigurationDoor, ConfigurationDoor>();
        return services;
    }

    private static void ConfigureCookie(Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "pbx";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = ConsoleSessions.Life;
        options.LoginPath = ConsoleUrls.SignIn;
        options.AccessDeniedPath = "/denied";
        options.ReturnUrlParameter = "returnUrl";
        SessionCookie.Follow(options.Events);
        options.Events.OnRedirectToLogin = context => AnswerAsync(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => AnswerAsync(context, StatusCodes.Status403Forbidden);
    }

    // Programs want a status, browsers a page.
    private static Task AnswerAsync(RedirectContext<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions> context, int status)
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)) context.Response.StatusCode = status;
        else context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
