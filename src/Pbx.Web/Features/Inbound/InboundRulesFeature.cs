using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Inbound;

/// <summary>The console's feature for inboundRules.</summary>
public sealed class InboundRulesFeature() : ObjectKindFeature(ObjectKind.InboundRule, MenuGroup.Routing, Icons.Material.Outlined.CallReceived);
