using Pbx.Sip.Messages;

namespace Pbx.Sip.Dialogs;

/// <summary>What names a dialog (RFC 3261 section 12): Call-ID, our tag, the peer's tag.</summary>
/// <param name="CallId">Call-ID.</param>
/// <param name="LocalTag">Our tag.</param>
/// <param name="RemoteTag">The peer's tag; empty for a peer of RFC 2543 that sends none.</param>
internal readonly record struct DialogId(string CallId, string LocalTag, string RemoteTag)
{
    /// <summary>The dialog that a received request names: our tag is in its To.</summary>
    public static DialogId OfReceived(SipRequest request) => new(request.CallId, request.To.Tag ?? "", request.From.Tag ?? "");

    /// <summary>The dialog that a received response names: our tag is in its From.</summary>
    public static DialogId OfReceived(SipResponse response) => new(response.CallId, response.From.Tag ?? "", response.To.Tag ?? "");
}
