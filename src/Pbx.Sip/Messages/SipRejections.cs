namespace Pbx.Sip.Messages;

/// <summary>What to do with a message that is rejected.</summary>
/// <param name="Answer">False: dropped in silence, because it is a response, or nobody is known to answer.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Phrase">The reason phrase, which says what was wrong (RFC 3261 §21.4.1).</param>
internal readonly record struct RejectionAnswer(bool Answer, int Status, string Phrase);

/// <summary>The one table from what is wrong to what is answered.</summary>
internal static class SipRejections
{
    /// <summary>The answer to a request rejected so. ACK is never answered and responses are only dropped: callers see to that.</summary>
    public static RejectionAnswer AnswerTo(SipRejection rejection) => rejection switch
    {
        SipRejection.None => Silence,
        SipRejection.NotSip => Silence,
        SipRejection.Truncated => Bad("Header Does Not End"),
        SipRejection.BadRequestLine => Bad("Malformed Request Line"),
        SipRejection.BadStatusLine => Silence,
        SipRejection.UnsupportedVersion => new(true, 505, SipStatus.PhraseOf(505)),
        SipRejection.MessageTooLarge => new(true, 513, SipStatus.PhraseOf(513)),
        SipRejection.TooManyHeaders => Bad("Too Many Header Fields"),
        SipRejection.HeaderTooLong => Bad("Header Field Too Long"),
        SipRejection.BadHeaderLine => Bad("Malformed Header Field"),
        SipRejection.NoVia => Silence,
        SipRejection.BadVia => Bad("Malformed Via"),
        SipRejection.TooManyVias => new(true, 483, SipStatus.PhraseOf(483)),
        SipRejection.ForeignResponse => Silence,
        SipRejection.NoFrom => Bad("Missing From"),
        SipRejection.BadFrom => Bad("Malformed From"),
        SipRejection.NoTo => Bad("Missing To"),
        SipRejection.BadTo => Bad("Malformed To"),
        SipRejection.NoCallId => Bad("Missing Call-ID"),
        SipRejection.NoCSeq => Bad("Missing CSeq"),
        SipRejection.BadCSeq => Bad("Malformed CSeq"),
        SipRejection.MethodMismatch => Bad("CSeq Method Does Not Match"),
        SipRejection.UnknownMethodMismatch => new(true, 501, SipStatus.PhraseOf(501)),
        SipRejection.DuplicateHeader => Bad("Header Field Repeated"),
        SipRejection.BadRequestUri => Bad("Malformed Request-URI"),
        SipRejection.UnsupportedUriScheme => new(true, 416, SipStatus.PhraseOf(416)),
        SipRejection.BadMaxForwards => Bad("Malformed Max-Forwards"),
        SipRejection.BadContentLength => Bad("Malformed Content-Length"),
        SipRejection.BodyTooShort => Bad("Body Shorter Than Content-Length"),
        SipRejection.BadContact => Bad("Malformed Contact"),
        SipRejection.BadRoute => Bad("Malformed Route"),
        SipRejection.BadNumber => Bad("Malformed Number"),
        SipRejection.BadStarContact => Bad("Invalid Use Of Star Contact"),
        SipRejection.NoContentType => Bad("Missing Content-Type"),
    };

    /// <summary>
    /// The response to a rejected request, to be sent without a transaction; null when there is none. A request whose Via cannot be
    /// read is answered at its source address.
    /// </summary>
    public static SipResponse? Respond(SipMessage? message, SipRejection rejection, string toTag)
    {
        var answer = AnswerTo(rejection);
        if (!answer.Answer || message is not SipRequest request || request.Method == SipMethods.Ack || !request.Has(HeaderId.Via))
            return null;
        return SipResponseBuilder.For(request, answer.Status, toTag, answer.Phrase).Build();
    }

    private static RejectionAnswer Silence => default;

    private static RejectionAnswer Bad(string phrase) => new(true, 400, phrase);
}
