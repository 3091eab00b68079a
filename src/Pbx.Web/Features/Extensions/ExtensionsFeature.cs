using MudBlazor;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Extensions;

/// <summary>Extensions with their devices.</summary>
public sealed class ExtensionsFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.Telephony, t => t.KindPlural(ObjectKind.Extension), ConsoleUrls.List(ObjectKind.Extension),
        Icons.Material.Outlined.Person, Permission.SeeConfiguration);
}
