using System.Security.Claims;
using Pbx.Core.Access;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Web.Access;

namespace Pbx.Web.Api;

/// <summary>The whole configuration as one document.</summary>
internal static class ConfigurationApi
{
    private const string Json = "application/json";

    public static void MapConfiguration(this IEndpointRouteBuilder api)
    {
        api.MapGet("/configuration", ExportAsync).RequireAuthorization(nameof(Permission.SeeConfiguration));
        api.MapPut("/configuration", ApplyAsync).RequireAuthorization(nameof(Permission.ChangeConfiguration));
        api.MapGet("/configuration/schema", () => Results.Text(ConfigurationDocument.Schema, Json)).RequireAuthorization(nameof(Permission.SeeConfiguration));
    }

    private static async Task<IResult> ExportAsync(ClaimsPrincipal user, ConfigurationDocument document, CancellationToken cancellationToken,
        bool withSecrets = false, bool withAudio = false)
    {
        if (withSecrets && Callers.Of(user, ChangeSource.Api).Refuse(Permission.ExportSecrets) is { } refusal) return ApiErrors.Failure([refusal]);
        return Results.Text(await document.ExportAsync(new DocumentOptions(withSecrets, withAudio), cancellationToken), Json);
    }

    private static async Task<IResult> ApplyAsync(HttpRequest request, ClaimsPrincipal user, ConfigurationDocument document, ILiveView live,
        CancellationToken cancellationToken, bool dryRun = false)
    {
        using var reader = new StreamReader(request.Body);
        var json = await reader.ReadToEndAsync(cancellationToken);
        var result = dryRun
            ? await document.CheckAsync(json, cancellationToken)
            : await document.ApplyAsync(json, Callers.Of(user, ChangeSource.Api).Actor, cancellationToken);
        return result.ToResponse(difference => Results.Json(new
        {
            dryRun,
            created = difference.Created.Select(name => name.ToString()),
            changed = difference.Changed.Select(change => new { name = change.Name.ToString(), fields = change.Fields }),
            removed = difference.Removed.Select(name => name.ToString()),
            cutOffs = CutOffs.Of(difference.Before, difference.Then, live).Select(each => (object)(each.Device is { } device
                ? new { device.Extension, device.Device, device.Source, device.Transport, device.UserAgent, each.Cause }
                : new { trunk = each.Trunk!.Key, each.Cause })),
        }));
    }
}
