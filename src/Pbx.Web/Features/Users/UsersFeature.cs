using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Users;

/// <summary>People who sign in.</summary>
public sealed class UsersFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.Users, ConsoleUrls.Users, Icons.Material.Outlined.ManageAccounts, Permission.ManageUsers);
}
