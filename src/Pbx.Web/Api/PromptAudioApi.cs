using System.Security.Claims;
using Pbx.Core.Access;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;
using Pbx.Web.Access;

namespace Pbx.Web.Api;

/// <summary>The sound of prompts: listened to, and uploaded as WAV, MP3 or OGG.</summary>
internal static class PromptAudioApi
{
    private const long LargestUpload = 50_000_000;

    public static void MapPromptAudio(this IEndpointRouteBuilder api)
    {
        api.MapGet("/prompts/{key}/audio", (string key, ISnapshotSource source, IAudioLibrary library) =>
            source.Current.Prompts.GetValueOrDefault(key)?.Audio is { } hash && library.PromptFile(hash) is { } file
                ? Results.File(file, "audio/wav", enableRangeProcessing: true)
                : ApiErrors.NotFound($"sound of prompt:{key}"))
            .RequireAuthorization(nameof(Permission.SeeConfiguration));
        // The body is the file itself, not a form: programs send it as it is, and the console's upload does the same.
        api.MapPut("/prompts/{key}/audio", UploadAsync).RequireAuthorization(nameof(Permission.ChangeConfiguration))
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestUpload));
    }

    private static async Task<IResult> UploadAsync(string key, HttpRequest request, ClaimsPrincipal user, ISnapshotSource source, IAudioLibrary library,
        AuthorisedConfiguration door, CancellationToken cancellationToken)
    {
        if (!source.Current.Prompts.ContainsKey(key)) return ApiErrors.NotFound($"prompt:{key}: create it first, then upload its sound");
        var stored = await library.ImportAsync(request.Body, cancellationToken);
        if (!stored.Succeeded) return ApiErrors.Failure(stored.Errors);
        if (source.Current.Prompts.GetValueOrDefault(key) is not { } prompt) return ApiErrors.NotFound($"prompt:{key}");
        var changed = prompt with { Spoken = false, Audio = stored.Value.Hash, DurationMilliseconds = stored.Value.Milliseconds };
        var saved = await door.ApplyAsync([new Change.Put(changed)], Callers.Of(user, ChangeSource.Api), cancellationToken);
        return saved.ToResponse(_ => Results.Json(new { stored.Value.Hash, stored.Value.Milliseconds }));
    }
}
