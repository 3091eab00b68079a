using System.Text.Json;
using System.Text.Json.Serialization;
using Pbx.Web.Features;

namespace Pbx.Web.Api;

/// <summary>The HTTP API below <c>/api/v1</c>: the same services and the same validation as the console.</summary>
internal static class ApiServices
{
    /// <summary>Adds what the API needs.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            options.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        return services.AddOpenApi("v1");
    }

    /// <summary>Maps all routes; each asks for the permission that it needs.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").DisableAntiforgery();
        api.MapConfiguration();
        api.MapObjects();
        api.MapStates();
        api.MapLive();
        api.MapRecords();
        api.MapVoicemailAndMail();
        api.MapPromptAudio();
        foreach (var feature in ConsoleFeatures.All) feature.MapApi(api);
        routes.MapOpenApi().RequireAuthorization();
    }
}
