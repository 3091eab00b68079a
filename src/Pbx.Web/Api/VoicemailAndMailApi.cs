using Pbx.Core.Access;
using Pbx.Core.Configuration;
using Pbx.Core.Mail;
using Pbx.Core.Voicemail;
using Pbx.Web.Access;

namespace Pbx.Web.Api;

/// <summary>Messages of mailboxes, and the outbox of their mails.</summary>
internal static class VoicemailAndMailApi
{
    public static void MapVoicemailAndMail(this IEndpointRouteBuilder api)
    {
        var box = api.MapGroup("/mailboxes/{mailbox}/messages").RequireAuthorization(nameof(Permission.UseOwnExtension)).AddEndpointFilter(OwnerOnlyAsync);
        box.MapGet("", async (string mailbox, IVoicemail voicemail, CancellationToken cancellationToken) =>
            Results.Json(new { items = await voicemail.ListAsync(mailbox, cancellationToken) }));
        box.MapGet("/{message:guid}/audio", async (string mailbox, Guid message, IVoicemail voicemail, CancellationToken cancellationToken) =>
            await voicemail.AudioFileAsync(mailbox, message, cancellationToken) is { } file
                ? Results.File(file, "audio/wav", enableRangeProcessing: true)
                : ApiErrors.NotFound($"message {message}"));
        box.MapPut("/{message:guid}", async (string mailbox, Guid message, MarkRequest body, IVoicemail voicemail, CancellationToken cancellationToken) =>
        {
            await voicemail.MarkAsync(mailbox, message, body.Heard ? MessageMark.Heard : MessageMark.Saved, cancellationToken);
            return Results.NoContent();
        });
        box.MapDelete("/{message:guid}", async (string mailbox, Guid message, IVoicemail voicemail, CancellationToken cancellationToken) =>
        {
            await voicemail.MarkAsync(mailbox, message, MessageMark.Deleted, cancellationToken);
            return Results.NoContent();
        });

        var outbox = api.MapGroup("/outbox").RequireAuthorization(nameof(Permission.ManageMail));
        outbox.MapGet("", async (IOutbox mails, CancellationToken cancellationToken, MailState? state = null, string? text = null, int skip = 0, int take = 50) =>
        {
            var page = await mails.ListAsync(state, text, Math.Max(0, skip), Math.Clamp(take, 1, 500), cancellationToken);
            return Results.Json(new { page.Items, page.Total });
        });
        outbox.MapPost("/{job:guid}/resend", async (Guid job, IOutbox mails, CancellationToken cancellationToken) =>
            await mails.ResendAsync(job, cancellationToken) ? Results.Accepted() : ApiErrors.NotFound($"mail {job} that could be sent again now"));
    }

    // A mailbox belongs to its extension; others need the permission for all of them.
    private static async ValueTask<object?> OwnerOnlyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = Callers.Of(http.User, ChangeSource.Api);
        var mailbox = (string)http.GetRouteValue("mailbox")!;
        var snapshot = http.RequestServices.GetRequiredService<ISnapshotSource>().Current;
        if (!snapshot.Mailboxes.ContainsKey(mailbox)) return ApiErrors.NotFound($"mailbox:{mailbox}");
        var own = caller.Extension is { } key && snapshot.Extensions.GetValueOrDefault(key)?.Mailbox == mailbox;
        return own || caller.May(Permission.UseAllMailboxes) ? await next(context) : ApiErrors.Failure([caller.Refuse(Permission.UseAllMailboxes)!]);
    }

    /// <summary>Marks a message as heard, or keeps it as new.</summary>
    internal sealed record MarkRequest(bool Heard);
}
