using System.Security.Claims;
using Pbx.Core.Access;
using Pbx.Core.Configuration;
using Pbx.Web.Access;

namespace Pbx.Web.Api;

/// <summary>The switches: exceptional closures, and agents' log-ins.</summary>
internal static class StatesApi
{
    public static void MapStates(this IEndpointRouteBuilder api)
    {
        api.MapGet("/closures", (ISnapshotSource source) => Results.Json(new { items = source.Current.Sites.Keys.Order(StringComparer.Ordinal).Select(site => Describe(source, site)) }))
            .RequireAuthorization(nameof(Permission.SwitchClosures));
        api.MapPut("/closures/{site}", async (string site, ClosureRequest body, ClaimsPrincipal user, AuthorisedConfiguration door, ISnapshotSource source, CancellationToken cancellationToken) =>
            source.Current.Sites.ContainsKey(site)
                ? (await door.SwitchClosureAsync(site, body.On, body.Until, Callers.Of(user, ChangeSource.Api), cancellationToken)).ToResponse(_ => Results.Json(Describe(source, site)))
                : ApiErrors.NotFound($"site:{site}"))
            .RequireAuthorization(nameof(Permission.SwitchClosures));
        api.MapPut("/agents/{extension}", async (string extension, AgentRequest body, ClaimsPrincipal user, AuthorisedConfiguration door, ISnapshotSource source, CancellationToken cancellationToken) =>
            source.Current.Extensions.ContainsKey(extension)
                ? (await door.SwitchAgentAsync(extension, body.Queue, body.LoggedIn, Callers.Of(user, ChangeSource.Api), cancellationToken)).ToResponse(_ => Results.NoContent())
                : ApiErrors.NotFound($"extension:{extension}"))
            .RequireAuthorization(nameof(Permission.UseOwnExtension));
    }

    private static object Describe(ISnapshotSource source, string site)
    {
        var closure = source.Current.Closures.GetValueOrDefault(site);
        return new { site, on = closure?.On ?? false, until = closure?.Until, changedAt = closure?.ChangedAt, changedBy = closure?.ChangedBy };
    }

    /// <summary>Switches a closure; an end is optional.</summary>
    internal sealed record ClosureRequest(bool On, DateTimeOffset? Until);

    /// <summary>Logs an agent in or out of one queue, or of all when none is named.</summary>
    internal sealed record AgentRequest(bool LoggedIn, string? Queue);
}
