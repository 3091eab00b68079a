namespace Pbx.Web.Access;

/// <summary>
/// Refuses what another site's page makes a signed-in browser send. Browsers say where a request comes from; programs with a token
/// are not concerned, for no browser adds a token by itself.
/// </summary>
internal static class SameOriginGuard
{
    /// <summary>Adds the check before everything that changes something.</summary>
    public static void UseSameOriginGuard(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IsSafe(context.Request.Method) || BearerTokenHandler.IsMeant(context.Request) || !IsForeign(context.Request)) return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Refused: the request comes from another site.");
    });

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site) return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
