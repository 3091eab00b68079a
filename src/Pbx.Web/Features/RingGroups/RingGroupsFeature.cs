using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.RingGroups;

/// <summary>The console's feature for ringGroups.</summary>
public sealed class RingGroupsFeature() : ObjectKindFeature(ObjectKind.RingGroup, MenuGroup.Telephony, Icons.Material.Outlined.RingVolume);
