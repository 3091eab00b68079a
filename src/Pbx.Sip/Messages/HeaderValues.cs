using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pbx.Sip.Messages;

/// <summary>The CSeq header (RFC 3261 §20.16).</summary>
internal readonly record struct CSeq(uint Number, string Method)
{
    /// <summary>Parses the value; the number must be below 2^31 (§8.1.1.5).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CSeq value)
    {
        value = default;
        var scanner = new SipScanner(text);
        scanner.SkipSpace();
        if (!uint.TryParse(scanner.TakeDigits(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > int.MaxValue)
            return false;
        scanner.SkipSpace();
        var method = scanner.TakeToken();
        scanner.SkipSpace();
        if (method.IsEmpty || !scanner.AtEnd)
            return false;
        value = new CSeq(number, SipMethods.Intern(method));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Method}");
}

/// <summary>The RAck header of PRACK (RFC 3262 §7.2).</summary>
internal readonly record struct RAck(uint ResponseNumber, uint CSeqNumber, string Method)
{
    /// <summary>Parses the value.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RAck value)
    {
        value = default;
        var scanner = new SipScanner(text);
        scanner.SkipSpace();
        if (!uint.TryParse(scanner.TakeDigits(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !CSeq.TryParse(scanner.Rest, out var cseq))
            return false;
        value = new RAck(number, cseq.Number, cseq.Method);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResponseNumber} {CSeqNumber} {Method}");
}

/// <summary>A token with parameters: Content-Type, Event, Subscription-State, Reason, Session-Expires, Replaces and their like.</summary>
internal sealed record TokenValue(string Value, SipParameters Parameters = default)
{
    /// <summary>Parses one value, which must be all there is.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out TokenValue? value)
    {
        value = null;
        var scanner = new SipScanner(text);
        scanner.SkipSpace();
        var token = scanner.TakeUntil(";,").TrimEnd(" \t");
        if (token.IsEmpty || !SipParameters.TryParse(ref scanner, out var parameters) || !scanner.AtEnd)
            return false;
        value = new TokenValue(token.ToString(), parameters);
        return true;
    }

    /// <summary>True when the token is this one, in any case.</summary>
    public bool Is(string token) => Value.Equals(token, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Value + Parameters;
}

/// <summary>The Session-Expires header (RFC 4028 §4).</summary>
/// <param name="Seconds">The session interval.</param>
/// <param name="Refresher">"uac", "uas", or null when not said.</param>
internal readonly record struct SessionExpires(uint Seconds, string? Refresher)
{
    /// <inheritdoc/>
    public override string ToString() => Refresher is null
        ? Seconds.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Seconds};refresher={Refresher}");
}

/// <summary>The Replaces header (RFC 3891 §6.1): the dialog that an INVITE takes the place of.</summary>
internal sealed record Replaces(string CallId, string ToTag, string FromTag, bool EarlyOnly)
{
    /// <summary>Parses the value; null when malformed.</summary>
    public static Replaces? Parse(string text) =>
        TokenValue.TryParse(text, out var value) && value.Parameters["to-tag"] is { } to && value.Parameters["from-tag"] is { } from
            ? new Replaces(value.Value, to, from, value.Parameters.Contains("early-only"))
            : null;

    /// <inheritdoc/>
    public override string ToString() => $"{CallId};to-tag={ToTag};from-tag={FromTag}{(EarlyOnly ? ";early-only" : "")}";
}

/// <summary>Challenge or credentials: a scheme with comma-separated parameters (RFC 3261 §20.7, §20.44).</summary>
internal sealed record AuthenticationValue(string Scheme, SipParameters Parameters)
{
    /// <summary>True for Digest.</summary>
    public bool IsDigest => Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase);

    /// <summary>The unquoted value of a parameter, or null.</summary>
    public string? this[string name] => Parameters[name];

    /// <summary>Parses one header field; null when malformed.</summary>
    public static AuthenticationValue? Parse(ReadOnlySpan<char> text)
    {
        var scanner = new SipScanner(text);
        scanner.SkipSpace();
        var scheme = scanner.TakeToken().ToString();
        if (scheme.Length == 0)
            return null;
        List<SipParameter> items = [];
        scanner.SkipSpace();
        while (!scanner.AtEnd)
        {
            var name = scanner.TakeToken().ToString();
            if (name.Length == 0 || !scanner.Take('='))
                return null;
            var quoted = scanner.Current == '"';
            string value;
            if (!quoted)
                value = scanner.TakeUntil(" \t,").ToString();
            else if (!scanner.TryTakeQuoted(out value))
                return null;
            items.Add(new SipParameter(name, value, quoted));
            if (!scanner.Take(',') && !scanner.AtEnd)
                return null;
        }
        return new AuthenticationValue(scheme, SipParameters.Of(items));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new System.Text.StringBuilder(Scheme);
        var separator = " ";
        foreach (var (name, value, quoted) in Parameters.Items)
        {
            text.Append(separator).Append(name).Append('=');
            if (quoted)
                SipParameters.AppendQuoted(text, value ?? "");
            else
                text.Append(value);
            separator = ", ";
        }
        return text.ToString();
    }
}
