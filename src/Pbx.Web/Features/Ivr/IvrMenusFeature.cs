using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Ivr;

/// <summary>The console's feature for ivrMenus.</summary>
public sealed class IvrMenusFeature() : ObjectKindFeature(ObjectKind.IvrMenu, MenuGroup.Telephony, Icons.Material.Outlined.Dialpad);
