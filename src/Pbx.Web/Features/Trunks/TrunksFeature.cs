using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Trunks;

/// <summary>The console's feature for trunks.</summary>
public sealed class TrunksFeature() : ObjectKindFeature(ObjectKind.Trunk, MenuGroup.Routing, Icons.Material.Outlined.SwapCalls);
