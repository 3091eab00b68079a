using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Outbound;

/// <summary>The console's feature for outboundRules.</summary>
public sealed class OutboundRulesFeature() : ObjectKindFeature(ObjectKind.OutboundRule, MenuGroup.Routing, Icons.Material.Outlined.CallMade);
