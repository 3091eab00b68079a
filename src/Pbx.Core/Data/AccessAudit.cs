using System.Text.Json;
using Pbx.Core.Access;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;

namespace Pbx.Core.Data;

/// <summary>Lines about users and tokens, in the context that saves the change itself.</summary>
internal sealed class AccessAudit(PbxDbContext database, TimeProvider time) : IAccessAudit
{
    /// <inheritdoc/>
    public void Add(Actor actor, string subject, object? before, object? after)
    {
        var (was, now) = (Json(before), Json(after));
        if (was != now) database.Add(Line(actor, subject, was, now, time.GetUtcNow()));
    }

    /// <summary>A line; people and tokens have no part in the revisions of the configuration.</summary>
    internal static ConfigChangeRow Line(Actor actor, string subject, string? before, string? after, DateTimeOffset at) => new()
    {
        Revision = 0, Object = subject, Actor = actor.Name, Source = actor.Source.ToString(), At = at, Before = before, After = after,
    };

    internal static string? Json(object? state) => state is null ? null : JsonSerializer.Serialize(state, state.GetType(), ConfigurationJson.Masked);
}
