using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Web.Access;

namespace Pbx.Web.Api;

/// <summary>
/// The objects one by one, under the names of the document's sections: <c>GET /queues</c>, <c>GET|PUT|DELETE /queues/support</c>, <c>GET|PUT /settings</c>.
/// The version is the ETag; a change with <c>If-Match</c> is refused when somebody else changed the object meanwhile.
/// </summary>
internal static class ObjectsApi
{
    public static void MapObjects(this IEndpointRouteBuilder api)
    {
        foreach (var (section, kind) in ObjectJson.Sections)
        {
            var one = kind == ObjectKind.Settings ? $"/{section}" : $"/{section}/{{key}}";
            if (kind != ObjectKind.Settings)
            {
                api.MapGet($"/{section}", (ISnapshotSource source) => Results.Json(new
                {
                    items = source.Current.All(kind).OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => ObjectJson.Write(i, secrets: false)),
                })).RequireAuthorization(nameof(Permission.SeeConfiguration)).WithTags(section);
                api.MapDelete(one, (string key, HttpRequest request, ClaimsPrincipal user, AuthorisedConfiguration door, ISnapshotSource source, CancellationToken cancellationToken) =>
                    RemoveAsync(new ObjectRef(kind, key), request, user, door, source, cancellationToken))
                    .RequireAuthorization(nameof(Permission.ChangeConfiguration)).WithTags(section);
            }
            api.MapGet(one, (string? key, HttpResponse response, ISnapshotSource source) => Get(Name(kind, key), response, source))
                .RequireAuthorization(nameof(Permission.SeeConfiguration)).WithTags(section);
            api.MapPut(one, (string? key, JsonObject body, HttpRequest request, HttpResponse response, ClaimsPrincipal user, AuthorisedConfiguration door, ISnapshotSource source,
                CancellationToken cancellationToken) => PutAsync(Name(kind, key), body, request, response, user, door, source, cancellationToken))
                .RequireAuthorization(nameof(Permission.ChangeConfiguration)).WithTags(section);
        }
    }

    private static ObjectRef Name(ObjectKind kind, string? key) => new(kind, kind == ObjectKind.Settings ? SystemSettings.TheKey : key!);

    private static IResult Get(ObjectRef name, HttpResponse response, ISnapshotSource source)
    {
        if (source.Current.Find(name) is not { } item) return ApiErrors.NotFound(name.ToString());
        response.Headers.ETag = Tag(item.Version);
        return Results.Json(ObjectJson.Write(item, secrets: false));
    }

    private static async Task<IResult> PutAsync(ObjectRef name, JsonObject body, HttpRequest request, HttpResponse response, ClaimsPrincipal user, AuthorisedConfiguration door,
        ISnapshotSource source, CancellationToken cancellationToken)
    {
        var stored = source.Current.Find(name);
        var sound = ObjectJson.Sound(body);
        if (!sound.Succeeded) return ApiErrors.Failure(sound.Errors);
        body = sound.Value;
        if (name.Kind != ObjectKind.Settings) body["key"] = name.Key;
        var item = ObjectJson.Read(name.Kind, body, AskedVersion(request) ?? stored?.Version ?? 0);
        if (!item.Succeeded) return ApiErrors.Failure(item.Errors);
        var saved = await door.ApplyAsync([new Change.Put(item.Value)], Callers.Of(user, ChangeSource.Api), cancellationToken);
        return saved.ToResponse(snapshot =>
        {
            var now = snapshot.Find(name)!;
            response.Headers.ETag = Tag(now.Version);
            return Results.Json(ObjectJson.Write(now, secrets: false), statusCode: stored is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        });
    }

    private static async Task<IResult> RemoveAsync(ObjectRef name, HttpRequest request, ClaimsPrincipal user, AuthorisedConfiguration door, ISnapshotSource source,
        CancellationToken cancellationToken)
    {
        if (source.Current.Find(name) is not { } stored) return ApiErrors.NotFound(name.ToString());
        var removed = await door.ApplyAsync([new Change.Remove(name, AskedVersion(request) ?? stored.Version)], Callers.Of(user, ChangeSource.Api), cancellationToken);
        return removed.ToResponse(_ => Results.NoContent());
    }

    private static string Tag(long version) => $"\"{version}\"";

    private static long? AskedVersion(HttpRequest request) =>
        long.TryParse(request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static IEnumerable<IConfigObject> All(this PbxSnapshot snapshot, ObjectKind kind) => kind switch
    {
        ObjectKind.Settings => [snapshot.Settings],
        ObjectKind.Site => snapshot.Sites.Values,
        ObjectKind.Extension => snapshot.Extensions.Values,
        ObjectKind.Trunk => snapshot.Trunks.Values,
        ObjectKind.InboundRule => snapshot.InboundRules.Values,
        ObjectKind.OutboundRule => snapshot.OutboundRules.Values,
        ObjectKind.IvrMenu => snapshot.IvrMenus.Values,
        ObjectKind.Queue => snapshot.Queues.Values,
        ObjectKind.RingGroup => snapshot.RingGroups.Values,
        ObjectKind.Announcement => snapshot.Announcements.Values,
        ObjectKind.Mailbox => snapshot.Mailboxes.Values,
        ObjectKind.Prompt => snapshot.Prompts.Values,
        ObjectKind.ClosureSwitch => snapshot.Closures.Values,
        ObjectKind.AgentLogin => snapshot.AgentLogins.Values,
    };
}
