namespace Pbx.Web.Hosting;

/// <summary>
/// The headers that keep a page's scripts its own. MudBlazor writes style attributes and a style element, hence 'unsafe-inline' for
/// styles only; no script is inline, so scripts need no nonce.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy = "default-src 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        + "script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; "
        + "connect-src 'self'; worker-src 'self'";

    /// <summary>Adds the headers to every answer.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()";
        headers.XFrameOptions = "DENY";
        return next(context);
    });
}
