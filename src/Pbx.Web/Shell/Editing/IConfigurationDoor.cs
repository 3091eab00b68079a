using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;

namespace Pbx.Web.Shell.Editing;

/// <summary>The configuration as the person at the browser may read and change it: the role is checked again at every change.</summary>
public interface IConfigurationDoor
{
    /// <summary>The newest snapshot.</summary>
    PbxSnapshot Current { get; }

    /// <summary>Calls back after each publication until disposed.</summary>
    IDisposable Subscribe(Action<PbxSnapshot> published);

    /// <summary>Applies all steps or none in the name of the person; error <c>forbidden</c> when the role does not allow it.</summary>
    Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes);

    /// <summary>Switches a site's exceptional closure.</summary>
    Task<Result<PbxSnapshot>> SwitchClosureAsync(string site, bool on, DateTimeOffset? until);

    /// <summary>Logs an agent in or out by hand.</summary>
    Task<Result<PbxSnapshot>> SwitchAgentAsync(string extension, string? queue, bool loggedIn);

    /// <summary>What applying would report.</summary>
    IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes);

    /// <summary>The person.</summary>
    Task<Caller> CallerAsync();
}
