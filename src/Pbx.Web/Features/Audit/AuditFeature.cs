using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Audit;

/// <summary>Who changed what.</summary>
public sealed class AuditFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.Audit, "/audit", Icons.Material.Outlined.FactCheck, Permission.SeeDiagnostics);
}
