using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Tokens;

/// <summary>Tokens of programs.</summary>
public sealed class TokensFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.ApiTokens, ConsoleUrls.Tokens, Icons.Material.Outlined.Key, Permission.ManageTokens);
}
