using MudBlazor;
using Pbx.Core.Common;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Mailboxes;

/// <summary>The console's feature for mailboxes.</summary>
public sealed class MailboxesFeature() : ObjectKindFeature(ObjectKind.Mailbox, MenuGroup.Telephony, Icons.Material.Outlined.Voicemail);
