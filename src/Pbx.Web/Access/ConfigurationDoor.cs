using Microsoft.AspNetCore.Components.Authorization;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Access;

/// <summary>The configuration as the person of this circuit may read and change it.</summary>
internal sealed class ConfigurationDoor(
    IConfiguration configuration, AuthorisedConfiguration authorised, AuthenticationStateProvider authentication) : IConfigurationDoor
{
    /// <inheritdoc/>
    public PbxSnapshot Current => configuration.Current;

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<PbxSnapshot> published) => configuration.Subscribe(published);

    /// <inheritdoc/>
    public async Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes) =>
        await authorised.ApplyAsync(changes, await CallerAsync());

    /// <inheritdoc/>
    public async Task<Result<PbxSnapshot>> SwitchClosureAsync(string site, bool on, DateTimeOffset? until) =>
        await authorised.SwitchClosureAsync(site, on, until, await CallerAsync());

    /// <inheritdoc/>
    public async Task<Result<PbxSnapshot>> SwitchAgentAsync(string extension, string? queue, bool loggedIn) =>
        await authorised.SwitchAgentAsync(extension, queue, loggedIn, await CallerAsync());

    /// <inheritdoc/>
    public IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes) => configuration.Validate(changes);

    /// <inheritdoc/>
    public async Task<Caller> CallerAsync() =>
        Caller.From((await authentication.GetAuthenticationStateAsync()).User, ChangeSource.Console);
}
