using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Mail;

/// <summary>Outgoing mail and the outbox.</summary>
public sealed class MailFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.MailAndOutbox, ConsoleUrls.Mail, Icons.Material.Outlined.Email, Permission.ManageMail);
}
