namespace Pbx.Sip.Messages;

/// <summary>Judges a request (RFC 3261 §8.2 and §16.3 step 1 to 3).</summary>
internal static class SipRequestValidator
{
    /// <summary>What is wrong with it, or nothing.</summary>
    public static SipRejection Judge(SipRequest request, SipLimits limits)
    {
        var common = SipValidator.JudgeCommon(request, limits);
        if (common != SipRejection.None)
            return common;
        if (request.CSeq.Method != request.Method)
            return SipMethods.IsKnown(request.Method) ? SipRejection.MethodMismatch : SipRejection.UnknownMethodMismatch;
        if (!request.TryRequestUri(out var uri))
            return SipRejection.BadRequestUri;
        if (uri.Scheme == UriScheme.Other)
            return SipRejection.UnsupportedUriScheme;
        // §19.1.1: headers have no place in a Request-URI.
        if (uri.Headers.Count > 0)
            return SipRejection.BadRequestUri;
        var rejection = JudgeNumbers(request);
        if (rejection == SipRejection.None)
            rejection = JudgeAddresses(request);
        return rejection == SipRejection.None ? JudgeBody(request) : rejection;
    }

    private static SipRejection JudgeNumbers(SipRequest request)
    {
        // Absent from requests of RFC 2543; then it is as if it were 70 (§16.3 step 3).
        if (request.Has(HeaderId.MaxForwards) && request.MaxForwards is not <= 255)
            return SipRejection.BadMaxForwards;
        if (request.Has(HeaderId.Expires) && request.Expires is null)
            return SipRejection.BadNumber;
        return SipRejection.None;
    }

    private static SipRejection JudgeAddresses(SipRequest request)
    {
        if (request.HasStarContact)
        {
            if (request.Method != SipMethods.Register || request.Count(HeaderId.Contact) != 1)
                return SipRejection.BadStarContact;
        }
        else if (request.TryAddresses(HeaderId.Contact) is not { } contacts || !ExpiresAreNumbers(contacts))
            return SipRejection.BadContact;
        return request.TryAddresses(HeaderId.Route) is null || request.TryAddresses(HeaderId.RecordRoute) is null
            || request.TryAddresses(HeaderId.Path) is null
            ? SipRejection.BadRoute
            : SipRejection.None;
    }

    private static bool ExpiresAreNumbers(IReadOnlyList<NameAddress> contacts)
    {
        foreach (var contact in contacts)
            if (contact.Parameters.Contains("expires")
                && !uint.TryParse(contact.Parameters["expires"], System.Globalization.CultureInfo.InvariantCulture, out _))
                return false;
        return true;
    }

    private static SipRejection JudgeBody(SipRequest request)
    {
        var rejection = SipValidator.JudgeLength(request);
        if (rejection != SipRejection.None)
            return rejection;
        // §20.15: Content-Type must be present when the body is not empty.
        return request.Body.Length > 0 && request.ContentType is null ? SipRejection.NoContentType : SipRejection.None;
    }
}
