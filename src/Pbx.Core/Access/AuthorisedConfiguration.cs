using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Queues;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Access;

/// <summary>
/// The configuration as people and programs change it: the same as <see cref="IConfiguration"/>, with the caller's permissions checked.
/// </summary>
public sealed class AuthorisedConfiguration(IConfiguration configuration, TimeProvider time)
{
    /// <summary>Applies changes; errors as <see cref="IConfiguration.ApplyAsync"/>, and <c>forbidden</c>.</summary>
    public async Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes, Caller caller, CancellationToken cancellationToken = default)
    {
        var refusals = changes.Select(change => Refuse(change, caller)).OfType<PbxError>().Distinct().ToList();
        return refusals.Count > 0
            ? Result<PbxSnapshot>.Fail(refusals)
            : await configuration.ApplyAsync(changes, caller.Actor, cancellationToken);
    }

    /// <summary>Switches a site's exceptional closure; see <see cref="StateActions.SwitchClosureAsync"/>.</summary>
    public async Task<Result<PbxSnapshot>> SwitchClosureAsync(string site, bool on, DateTimeOffset? until, Caller caller,
        CancellationToken cancellationToken = default) =>
        caller.Refuse(Permission.SwitchClosures) is { } refusal
            ? Result<PbxSnapshot>.Fail(refusal)
            : await configuration.SwitchClosureAsync(site, on, until, caller.Actor, time.GetUtcNow(), cancellationToken);

    /// <summary>Logs an agent in or out by hand; see <see cref="StateActions.SwitchAgentAsync"/>. One's own extension needs no more.</summary>
    public async Task<Result<PbxSnapshot>> SwitchAgentAsync(string extension, string? queue, bool loggedIn, Caller caller,
        CancellationToken cancellationToken = default) =>
        RefuseAgent(extension, caller) is { } refusal
            ? Result<PbxSnapshot>.Fail(refusal)
            : await configuration.SwitchAgentAsync(extension, queue, loggedIn, caller.Actor, time.GetUtcNow(), cancellationToken);

    /// <summary>Sets or clears do-not-disturb; see <see cref="StateActions.SwitchDoNotDisturbAsync"/>. One's own extension needs no more.</summary>
    public async Task<Result<PbxSnapshot>> SwitchDoNotDisturbAsync(string extension, bool on, Caller caller,
        CancellationToken cancellationToken = default) =>
        RefuseAgent(extension, caller) is { } refusal
            ? Result<PbxSnapshot>.Fail(refusal)
            : await configuration.SwitchDoNotDisturbAsync(extension, on, caller.Actor, cancellationToken);

    private PbxError? Refuse(Change change, Caller caller)
    {
        var name = change switch
        {
            Change.Put put => new ObjectRef(put.Item.Kind, put.Item.Key),
            Change.Remove remove => remove.Name,
            _ => throw new ArgumentException($"{change.GetType()} is no kind of change.", nameof(change)),
        };
        return name.Kind switch
        {
            ObjectKind.ClosureSwitch => caller.Refuse(Permission.SwitchClosures),
            ObjectKind.AgentLogin => RefuseAgent(ExtensionOf(change, name), caller),
            _ => caller.Refuse(Permission.ChangeConfiguration),
        };
    }

    private string ExtensionOf(Change change, ObjectRef name) => change is Change.Put { Item: AgentLogin login }
        ? login.Extension
        : configuration.Current.AgentLogins.GetValueOrDefault(name.Key)?.Extension ?? "";

    private static PbxError? RefuseAgent(string extension, Caller caller) =>
        caller.Extension == extension && caller.May(Permission.UseOwnExtension) ? null : caller.Refuse(Permission.SwitchAgents);
}
