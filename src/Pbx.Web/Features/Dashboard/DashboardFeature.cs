using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Dashboard;

/// <summary>The first page: what the company's telephony is doing now.</summary>
public sealed class DashboardFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.Top, t => t.Dashboard, ConsoleUrls.Home, Icons.Material.Outlined.SpaceDashboard, Permission.UseOwnExtension);
}
