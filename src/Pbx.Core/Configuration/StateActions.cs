using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>
/// The gestures that switch something, from a page or a phone. The last one who acts wins, so a stale version is no error here.
/// </summary>
public static class StateActions
{
    private const int Attempts = 5;

    /// <summary>Switches a site's exceptional closure on (with or without an end) or off.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="site">Key of the site.</param>
    /// <param name="on">On or off.</param>
    /// <param name="until">When it ends by itself (UTC); null: when somebody switches it off. Ignored when off.</param>
    /// <param name="actor">Who switches it.</param>
    /// <param name="now">Now (UTC).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<Result<PbxSnapshot>> SwitchClosureAsync(this IConfiguration configuration, string site, bool on, DateTimeOffset? until,
        Actor actor, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        PutAsync(configuration, actor, snapshot => new ClosureSwitch
        {
            Key = site, Version = snapshot.Closures.GetValueOrDefault(site)?.Version ?? 0,
            On = on, Until = on ? until : null, ChangedAt = now, ChangedBy = actor.Name,
        }, cancellationToken);

    /// <summary>Logs an agent in or out by hand.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="extension">Key of the agent's extension.</param>
    /// <param name="queue">Key of the one queue; null: all its queues, whatever was said for single ones.</param>
    /// <param name="loggedIn">In or out.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="now">Now (UTC).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<Result<PbxSnapshot>> SwitchAgentAsync(this IConfiguration configuration, string extension, string? queue, bool loggedIn,
        Actor actor, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var key = queue is null ? extension : $"{extension}/{queue}";
        return ApplyAsync(configuration, actor, snapshot =>
        [
            new Change.Put(new AgentLogin
            {
                Key = key, Version = snapshot.AgentLogins.GetValueOrDefault(key)?.Version ?? 0,
                Extension = extension, Queue = queue, LoggedIn = loggedIn, ChangedAt = now,
            }),
            .. snapshot.AgentLogins.Values
                .Where(login => queue is null && login.Extension == extension && login.Queue is not null)
                .Select(login => new Change.Remove(new ObjectRef(ObjectKind.AgentLogin, login.Key), login.Version)),
        ], cancellationToken);
    }

    /// <summary>Sets or clears do-not-disturb of an extension.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="extension">Key of the extension.</param>
    /// <param name="on">Set or clear.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<Result<PbxSnapshot>> SwitchDoNotDisturbAsync(this IConfiguration configuration, string extension, bool on, Actor actor,
        CancellationToken cancellationToken = default) =>
        configuration.Current.Extensions.ContainsKey(extension)
            ? ApplyAsync(configuration, actor, snapshot => snapshot.Extensions.TryGetValue(extension, out var found)
                ? [new Change.Put(found with { DoNotDisturb = on })]
                : [], cancellationToken)
            : Task.FromResult(Result<PbxSnapshot>.Fail(new PbxError("not-found", $"extensions/{extension}", $"There is no extension '{extension}'.", extension)));

    private static Task<Result<PbxSnapshot>> PutAsync(IConfiguration configuration, Actor actor, Func<PbxSnapshot, IConfigObject> make,
        CancellationToken cancellationToken) =>
        ApplyAsync(configuration, actor, snapshot => [new Change.Put(make(snapshot))], cancellationToken);

    private static async Task<Result<PbxSnapshot>> ApplyAsync(IConfiguration configuration, Actor actor,
        Func<PbxSnapshot, IReadOnlyList<Change>> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await configuration.ApplyAsync(make(configuration.Current), actor, cancellationToken);
            if (attempt == Attempts || !result.Errors.Any(e => e.Code is "conflict" or "key-taken")) return result;
        }
    }
}
