using MudBlazor;
using Pbx.Core.Access;
using Pbx.Core.Live;
using Pbx.Web.Api;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Protection;

/// <summary>Who is kept out, what calls outside may cost, and who is told.</summary>
public sealed class ProtectionFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.Protection, ConsoleUrls.Protection, Icons.Material.Outlined.Shield, Permission.SeeDiagnostics);

    /// <inheritdoc/>
    public override void MapApi(IEndpointRouteBuilder api)
    {
        var protection = api.MapGroup("/protection").RequireAuthorization(nameof(Permission.SeeDiagnostics));
        protection.MapGet("/bans", (IProtection bans) => Results.Json(new { items = bans.Bans.Current }));
        protection.MapDelete("/bans", (string address, IProtection bans) =>
            bans.Release(address) ? Results.NoContent() : ApiErrors.NotFound($"ban {address}"));
        protection.MapGet("/alerts", (IAlerts alerts) => Results.Json(new { items = alerts.Current.Current }));
    }
}
