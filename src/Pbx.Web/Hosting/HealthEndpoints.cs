using Pbx.Core.Live;

namespace Pbx.Web.Hosting;

/// <summary>What a supervisor asks: does the process live, and can it answer calls?</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("live\n")).AllowAnonymous();
        routes.MapGet("/health/ready", (IPbxControl control) =>
            control.Ready
                ? Results.Text("ready\n")
                : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();
    }
}
