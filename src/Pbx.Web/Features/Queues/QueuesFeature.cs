using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Queues;

/// <summary>The console's feature for queues.</summary>
public sealed class QueuesFeature() : ObjectKindFeature(ObjectKind.Queue, MenuGroup.Telephony, Icons.Material.Outlined.Groups);
