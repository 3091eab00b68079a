using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.DialCodes;

/// <summary>Short numbers that do something.</summary>
public sealed class DialCodesFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.Telephony, t => t.DialCodes, "/dial-codes", Icons.Material.Outlined.Tag, Permission.SeeConfiguration);
}
