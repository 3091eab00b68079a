using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Mailboxes;

/// <summary>The mailbox of the person who is signed in.</summary>
public sealed class OwnMailboxFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.Top, t => t.OwnMailbox, "/my-mailbox", Icons.Material.Outlined.Inbox, Permission.UseOwnExtension);
}
