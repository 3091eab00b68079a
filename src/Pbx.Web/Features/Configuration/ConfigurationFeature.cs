using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Configuration;

/// <summary>The whole configuration as one document.</summary>
public sealed class ConfigurationFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.ConfigurationDocument, "/configuration", Icons.Material.Outlined.DataObject, Permission.ChangeConfiguration);
}
