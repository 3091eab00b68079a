using MudBlazor;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Closures;

/// <summary>The receptionist's switches.</summary>
public sealed class ClosuresFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.Top, t => t.KindPlural(ObjectKind.ClosureSwitch), ConsoleUrls.Closures,
        Icons.Material.Outlined.DoNotDisturbOn, Permission.SwitchClosures);
}
