using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Announcements;

/// <summary>The console's feature for announcements.</summary>
public sealed class AnnouncementsFeature() : ObjectKindFeature(ObjectKind.Announcement, MenuGroup.Telephony, Icons.Material.Outlined.Campaign);
