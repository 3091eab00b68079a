using System.Collections.Frozen;
using System.Security.Claims;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>Who asks an application service for something, and what that one may do. (Not the caller of a telephone call.)</summary>
/// <param name="Actor">As whom the audit names it.</param>
/// <param name="Permissions">What it may do.</param>
/// <param name="Extension">Key of its own extension, or null.</param>
public sealed record Caller(Actor Actor, IReadOnlySet<Permission> Permissions, string? Extension = null)
{
    /// <summary>The claim that holds the key of a user's own extension.</summary>
    public const string ExtensionClaim = "pbx:extension";

    /// <summary>The claim of a user who must choose a password of its own before anything else.</summary>
    public const string MustChangePasswordClaim = "pbx:must-change-password";

    /// <summary>The claim that holds the id of the browser's session, one of <see cref="ConsoleSessions"/>.</summary>
    public const string SessionClaim = "pbx:session";

    /// <summary>The server itself: command line, first start.</summary>
    public static Caller System { get; } =
        new(new Actor("system", ChangeSource.System), Enum.GetValues<Permission>().ToFrozenSet());

    /// <summary>True when it may.</summary>
    public bool May(Permission permission) => Permissions.Contains(permission);

    /// <summary>The error <c>forbidden</c> when it may not, else null.</summary>
    public PbxError? Refuse(Permission permission) => May(permission)
        ? null
        : new PbxError("forbidden", "", $"{Actor.Name} may not do this: the permission {permission} is needed.", permission.ToString());

    /// <summary>The signed-in user of console or API, from the roles and claims of its ticket.</summary>
    public static Caller From(ClaimsPrincipal user, ChangeSource source) => new(
        new Actor(user.Identity?.Name ?? "anonymous", source),
        user.FindAll(ClaimTypes.Role).SelectMany(role => Roles.PermissionsOf(role.Value)).ToFrozenSet(),
        user.FindFirstValue(ExtensionClaim));
}
