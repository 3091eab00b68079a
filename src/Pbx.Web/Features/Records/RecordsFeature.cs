using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Records;

/// <summary>The call records.</summary>
public sealed class RecordsFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.Monitoring, t => t.CallHistory, ConsoleUrls.Records, Icons.Material.Outlined.History, Permission.SeeCallRecords);
}
