using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Live;

/// <summary>What goes on now: calls, queues, registrations, trunks.</summary>
public sealed class LiveFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.Monitoring, t => t.Live, ConsoleUrls.Live, Icons.Material.Outlined.Sensors, Permission.SeeLive);
}
