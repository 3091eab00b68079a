namespace Pbx.Sip.Messages;

/// <summary>
/// Judges what a message says, after <see cref="SipParser"/> judged its form (RFC 3261 §8.1.1, §8.2, §16.3; RFC 4475). Only a message
/// that passes is delivered; its mandatory headers can then be read.
/// </summary>
internal static class SipValidator
{
    /// <summary>Parses and judges in one step; the result's message is there whenever it can be answered.</summary>
    public static SipParseResult ParseAndJudge(ReadOnlySpan<byte> received, SipLimits? limits = null)
    {
        var parsed = SipParser.Parse(received, limits);
        return parsed.IsValid ? parsed with { Rejection = Judge(parsed.Message!, limits) } : parsed;
    }

    /// <summary>What is wrong with a message, or nothing.</summary>
    public static SipRejection Judge(SipMessage message, SipLimits? limits = null) => message switch
    {
        SipRequest request => SipRequestValidator.Judge(request, limits ?? SipLimits.Default),
        _ => JudgeResponse(message, limits ?? SipLimits.Default),
    };

    private static SipRejection JudgeResponse(SipMessage response, SipLimits limits)
    {
        var common = JudgeCommon(response, limits);
        if (common != SipRejection.None)
            return common;
        // RFC 3261 §8.1.3.3: more than one Via means that it is not for a user agent.
        return response.Vias.Count > 1 ? SipRejection.ForeignResponse : JudgeLength(response);
    }

    /// <summary>What every message needs (§8.1.1).</summary>
    internal static SipRejection JudgeCommon(SipMessage message, SipLimits limits)
    {
        if (!message.Has(HeaderId.Via))
            return SipRejection.NoVia;
        if (message.TryVias() is not { } vias)
            return SipRejection.BadVia;
        if (vias.Count > limits.Vias)
            return SipRejection.TooManyVias;
        if (HasRepeatedSingle(message))
            return SipRejection.DuplicateHeader;
        if (!message.Has(HeaderId.From))
            return SipRejection.NoFrom;
        if (message.TryAddress(HeaderId.From) is null)
            return SipRejection.BadFrom;
        if (!message.Has(HeaderId.To))
            return SipRejection.NoTo;
        if (message.TryAddress(HeaderId.To) is null)
            return SipRejection.BadTo;
        if (string.IsNullOrEmpty(message.Header(HeaderId.CallId)))
            return SipRejection.NoCallId;
        if (!message.Has(HeaderId.CSeq))
            return SipRejection.NoCSeq;
        return message.TryCSeq() is null ? SipRejection.BadCSeq : SipRejection.None;
    }

    /// <summary>Content-Length against what is there (§18.3).</summary>
    internal static SipRejection JudgeLength(SipMessage message)
    {
        if (!message.Has(HeaderId.ContentLength))
            return SipRejection.None;
        if (message.ContentLength is not { } length)
            return SipRejection.BadContentLength;
        return length > message.Body.Length ? SipRejection.BodyTooShort : SipRejection.None;
    }

    private static bool HasRepeatedSingle(SipMessage message)
    {
        UInt128 seen = 0;
        foreach (ref readonly var slot in message.Slots)
        {
            if (!HeaderNames.IsSingle(slot.Id))
                continue;
            var bit = UInt128.One << (int)slot.Id;
            if ((seen & bit) != 0)
                return true;
            seen |= bit;
        }
        return false;
    }
}
