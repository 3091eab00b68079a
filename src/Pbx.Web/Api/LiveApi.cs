using Pbx.Core.Access;
using Pbx.Core.Live;

namespace Pbx.Web.Api;

/// <summary>What goes on now, and the engine's counters.</summary>
internal static class LiveApi
{
    public static void MapLive(this IEndpointRouteBuilder api)
    {
        var live = api.MapGroup("/live").RequireAuthorization(nameof(Permission.SeeLive));
        live.MapGet("/calls", (ILiveView view) => Results.Json(new { items = view.Calls.Current }));
        live.MapGet("/registrations", (ILiveView view) => Results.Json(new { items = view.Registrations.Current }));
        live.MapGet("/refusals", (ILiveView view) => Results.Json(new { items = view.Refusals.Current }));
        live.MapGet("/trunks", (ILiveView view) => Results.Json(new { items = view.Trunks.Current }));
        live.MapGet("/queues", (ILiveView view) => Results.Json(new { items = view.Queues.Current }));
        api.MapDelete("/live/calls/{call:guid}", async (Guid call, IPbxControl control) =>
            await control.HangUpAsync(call) ? Results.NoContent() : ApiErrors.NotFound($"call {call}"))
            .RequireAuthorization(nameof(Permission.ControlCalls));
        var diagnostics = api.MapGroup("/diagnostics").RequireAuthorization(nameof(Permission.SeeDiagnostics));
        diagnostics.MapGet("/counters", (IPbxControl control) => Results.Json(control.Counters));
        diagnostics.MapGet("/pauses", (IPbxControl control) => Results.Json(new { items = control.Pauses }));
    }
}
