using Pbx.Sip.Dialogs;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Endpoint;

/// <summary>The answers that need nothing but the request (RFC 3261 section 8.2.1 to 8.2.3, section 11).</summary>
internal static class StatelessAnswers
{
    private static readonly string[] InsideDialogs =
        [SipMethods.Ack, SipMethods.Bye, SipMethods.Cancel, SipMethods.Info, SipMethods.Options, SipMethods.Prack, SipMethods.Update];

    private static readonly string[] Extensions = DialogServices.Supported.Split(", ");

    /// <summary>The value of Allow: what rooms take, and what only dialogs take.</summary>
    public static string Allow(IEnumerable<string> taken) => string.Join(", ", taken.Union(InsideDialogs).Order(StringComparer.Ordinal));

    /// <summary>The answer to a request that cannot be taken as it is, or null.</summary>
    public static SipResponse? Refusal(SipRequest request, string tag, IReadOnlyCollection<string> taken)
    {
        // §8.2.1 and §21.5.2: 501 for what nobody knows, 405 for what we do not take.
        if (!SipMethods.IsKnown(request.Method)) return Answer(request, tag, 501).Add(HeaderId.Allow, Allow(taken)).Build();
        if (!InsideDialogs.Contains(request.Method) && !taken.Contains(request.Method) && !request.IsInDialog) return NotAllowed(request, tag, taken);
        // Deviates from RFC 3261 §8.1.1.6 because a B2BUA that sends calls on is where a loop would pass: only INVITE is refused.
        if (request.Method == SipMethods.Invite && request.MaxForwards == 0) return Answer(request, tag, 483).Build();
        var unknown = request.Tokens(HeaderId.Require).Where(token => !Extensions.Contains(token, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0) return Answer(request, tag, 420).Add(HeaderId.Unsupported, string.Join(", ", unknown)).Build();
        // §10.3 step 5, RFC 4475 §3.3.4: an address of record is a SIP address.
        if (request.Method == SipMethods.Register && !request.To.Uri.IsSip)
            return SipResponseBuilder.For(request, 400, tag, "Not An Address Of Record").Build();
        return ContentRefusal(request, tag);
    }

    /// <summary>405 with what is taken.</summary>
    public static SipResponse NotAllowed(SipRequest request, string tag, IEnumerable<string> taken) =>
        Answer(request, tag, 405).Add(HeaderId.Allow, Allow(taken)).Build();

    /// <summary>The answer to OPTIONS: what we can (section 11.2).</summary>
    public static SipResponse ToOptions(SipRequest request, string tag, IEnumerable<string> taken) => Answer(request, tag, 200)
        .Add(HeaderId.Allow, Allow(taken)).Add(HeaderId.Accept, DialogServices.Sdp).Add(HeaderId.Supported, DialogServices.Supported).Build();

    private static SipResponse? ContentRefusal(SipRequest request, string tag)
    {
        if (request.Header(HeaderId.ContentEncoding) is { } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return Answer(request, tag, 415).Add(HeaderId.AcceptEncoding, "identity").Build();
        if (request.Method != SipMethods.Invite) return null;
        if (request.Body.Length > 0 && MultipartBody.Find(request, DialogServices.Sdp) is null && !IsOptional(request))
            return Answer(request, tag, 415).Add(HeaderId.Accept, DialogServices.Sdp).Build();
        return request.Has(HeaderId.Accept) && !request.Tokens(HeaderId.Accept).Any(TakesSdp) ? Answer(request, tag, 406).Build() : null;
    }

    private static bool TakesSdp(string accepted) => TokenValue.TryParse(accepted, out var range)
        && (range.Is(DialogServices.Sdp) || range.Is("application/*") || range.Is("*/*"));

    // §20.11: handling=optional lets a body be ignored that is not understood.
    private static bool IsOptional(SipRequest request) =>
        TokenValue.TryParse(request.Header(HeaderId.ContentDisposition) ?? "", out var disposition) && disposition.Parameters["handling"] == "optional";

    private static SipResponseBuilder Answer(SipRequest request, string tag, int status) => SipResponseBuilder.For(request, status, tag);
}
