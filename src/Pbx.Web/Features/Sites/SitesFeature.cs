using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Sites;

/// <summary>The console's feature for sites.</summary>
public sealed class SitesFeature() : ObjectKindFeature(ObjectKind.Site, MenuGroup.Routing, Icons.Material.Outlined.Store);
