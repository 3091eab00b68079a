using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Localization;
using Pbx.Core.Access;
using Pbx.Web.Localization;
using Pbx.Web.Shell;

namespace Pbx.Web.Account;

/// <summary>What the small forms of every page post to, and the ways that lead to set-up and to the choice of a password.</summary>
internal static class AccountEndpoints
{
    /// <summary>Maps sign-out, what a browser needs for a sign-in by passkey, and the choice of language.</summary>
    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/signout", async (SignInManager<PbxUser> signIn) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect(ConsoleUrls.SignIn);
        }).AllowAnonymous();
        routes.MapPost(ConsoleUrls.PasskeyOptions, async (SignInManager<PbxUser> signIn) =>
            Results.Text(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json")).AllowAnonymous();
        routes.MapPost("/language", async (HttpContext context) =>
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
            var language = Texts.Languages.FirstOrDefault(l => l == form["language"]) ?? "fr";
            context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, IsEssential = true });
            return Results.LocalRedirect(Local(form["returnUrl"]));
        }).AllowAnonymous();
    }

    /// <summary>A path of this site; the dashboard for anything else.</summary>
    public static string Local(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) ? url : ConsoleUrls.Home;

    /// <summary>Until the system is claimed every page is the set-up page; who must choose a password sees only that.</summary>
    public static void UseAccountDetours(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var detour = IsPage(context) ? await DetourAsync(context) : null;
        if (detour is null || context.Request.Path == detour) await next(context);
        else context.Response.Redirect(detour);
    });

    private static async Task<string?> DetourAsync(HttpContext context)
    {
        if (context.User.HasClaim(c => c.Type == Caller.MustChangePasswordClaim)) return "/password";
        if (context.User.Identity is { IsAuthenticated: true }) return null;
        return await context.RequestServices.GetRequiredService<FirstSetup>().IsClaimedAsync(context.RequestAborted) ? null : ConsoleUrls.Setup;
    }

    private static bool IsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null;
}
