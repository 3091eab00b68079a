using MudBlazor;

namespace Pbx.Web.Shell;

/// <summary>How a secret is shown that nobody can see a second time.</summary>
internal static class Secrets
{
    /// <summary>
    /// The dialog stays until it is closed: the page's own move to the new object's address, a press of Escape or a click beside it
    /// must not take the secret away unread.
    /// </summary>
    public static DialogOptions Shown { get; } = new() { CloseOnNavigation = false, CloseOnEscapeKey = false, BackdropClick = false, FullWidth = true, MaxWidth = MaxWidth.Small };
}
