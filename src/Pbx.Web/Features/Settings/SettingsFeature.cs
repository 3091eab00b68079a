using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Settings;

/// <summary>Settings of the whole system.</summary>
public sealed class SettingsFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.SystemSettings, "/settings", Icons.Material.Outlined.Settings, Permission.SeeConfiguration);
}
