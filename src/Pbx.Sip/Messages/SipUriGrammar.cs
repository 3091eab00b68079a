using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pbx.Sip.Messages;

/// <content>Grammar, escapes (§19.1.2) and comparison (§19.1.4).</content>
internal sealed partial class SipUri
{
    private const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()";
    private static readonly SearchValues<char> UserUnreserved = SearchValues.Create(Unreserved + "&=+$,;?/");
    private static readonly SearchValues<char> PasswordUnreserved = SearchValues.Create(Unreserved + "&=+$,");
    private static readonly SearchValues<char> ParameterUnreserved = SearchValues.Create(Unreserved + "[]/:&+$");
    private static readonly SearchValues<char> HeaderUnreserved = SearchValues.Create(Unreserved + "[]/?:+$");
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static readonly SearchValues<char> TelCharacters = SearchValues.Create("+0123456789-.()*#ABCDabcdPpWw%");

    private static SipUri? ParseSip(UriScheme scheme, ReadOnlySpan<char> text)
    {
        var user = "";
        string? password = null;
        // An at sign may stand nowhere unescaped but after the user part, which may hold semicolons and question marks.
        var at = text.IndexOf('@');
        if (at >= 0)
        {
            if (!TryUserInfo(text[..at], out user, out password))
                return null;
            text = text[(at + 1)..];
        }
        var question = text.IndexOf('?');
        var headers = question < 0 ? default : text[(question + 1)..];
        if (question >= 0)
            text = text[..question];
        var semicolon = text.IndexOf(';');
        var parameters = semicolon < 0 ? default : text[(semicolon + 1)..];
        if (semicolon >= 0)
            text = text[..semicolon];
        if (!TryHostPort(text, out var host, out var port)
            || !TryPairs(parameters, ';', semicolon >= 0, out var parameterList)
            || !TryPairs(headers, '&', question >= 0, out var headerList))
            return null;
        return new SipUri(scheme)
        {
            User = user, Password = password, Host = host, Port = port, Parameters = parameterList, Headers = headerList,
        };
    }

    private static SipUri? ParseTel(ReadOnlySpan<char> text)
    {
        var semicolon = text.IndexOf(';');
        var number = semicolon < 0 ? text : text[..semicolon];
        if (number.IsEmpty || number.ContainsAnyExcept(TelCharacters)
            || !TryPairs(semicolon < 0 ? default : text[(semicolon + 1)..], ';', semicolon >= 0, out var parameters))
            return null;
        return new SipUri(UriScheme.Tel) { User = number.ToString(), Parameters = parameters };
    }

    private static bool TryUserInfo(ReadOnlySpan<char> text, out string user, out string? password)
    {
        password = null;
        var colon = text.IndexOf(':');
        if (!TryUnescape(colon < 0 ? text : text[..colon], out user) || user.Length == 0)
            return false;
        return colon < 0 || TryUnescape(text[(colon + 1)..], out password);
    }

    private static bool TryHostPort(ReadOnlySpan<char> text, out string host, out int? port)
    {
        host = "";
        port = null;
        var bracketed = text is ['[', ..];
        var end = bracketed ? text.IndexOf(']') : text.IndexOf(':');
        if (bracketed && end < 0)
            return false;
        var name = bracketed ? text[1..end] : end < 0 ? text : text[..end];
        var rest = bracketed ? text[(end + 1)..] : end < 0 ? default : text[end..];
        if (!IsHost(name, bracketed))
            return false;
        host = name.ToString();
        if (rest.IsEmpty)
            return true;
        if (rest[0] != ':' || !ushort.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        port = number;
        return true;
    }

    private static bool TryPairs(ReadOnlySpan<char> text, char separator, bool present, out SipParameters pairs)
    {
        pairs = default;
        if (!present)
            return true;
        List<SipParameter> items = [];
        foreach (var range in text.Split(separator))
        {
            var item = text[range];
            var equals = item.IndexOf('=');
            string? value = null;
            if (!TryUnescape(equals < 0 ? item : item[..equals], out var name) || name.Length == 0
                || (equals >= 0 && !TryUnescape(item[(equals + 1)..], out value)))
                return false;
            items.Add(new SipParameter(name, value));
        }
        pairs = SipParameters.Of(items);
        return true;
    }

    private static bool TryUnescape(ReadOnlySpan<char> text, out string value)
    {
        value = "";
        if (!text.Contains('%'))
        {
            value = text.ToString();
            return true;
        }
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                length += Encoding.UTF8.GetBytes(text.Slice(i, 1), bytes.AsSpan(length));
                continue;
            }
            if (i + 2 >= text.Length
                || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
                return false;
            length++;
            i += 2;
        }
        value = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return true;
    }

    private static void AppendEscaped(StringBuilder target, string text, SearchValues<char> unreserved)
    {
        if (!text.AsSpan().ContainsAnyExcept(unreserved))
        {
            target.Append(text);
            return;
        }
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && unreserved.Contains((char)rune.Value))
                target.Append((char)rune.Value);
            else
                foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
                    target.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>RFC 3261 §19.1.4: true when both name the same thing.</summary>
    public bool IsEquivalentTo(SipUri other)
    {
        if (Scheme != other.Scheme)
            return false;
        if (Scheme == UriScheme.Other)
            return ToString() == other.ToString();
        if (Scheme == UriScheme.Tel)
            return Digits(User) == Digits(other.User);
        return User == other.User && Password == other.Password && Port == other.Port && SameHost(Host, other.Host)
            && ParametersMatch(Parameters, other.Parameters) && ParametersMatch(other.Parameters, Parameters)
            && HeadersMatch(Headers, other.Headers);
    }

    private static string Digits(string number) => string.Concat(number.Where(c => c is not ('-' or '.' or '(' or ')'))).ToUpperInvariant();

    private static bool SameHost(string one, string two) => one.Equals(two, StringComparison.OrdinalIgnoreCase)
        || (one.Contains(':') && two.Contains(':') && System.Net.IPAddress.TryParse(one, out var a)
            && System.Net.IPAddress.TryParse(two, out var b) && a.Equals(b));

    private static bool ParametersMatch(SipParameters one, SipParameters two)
    {
        foreach (var (name, value, _) in one.Items)
        {
            var inBoth = two.Contains(name);
            // user, ttl, method, maddr and transport never match their absence; others do.
            var compulsory = name.ToUpperInvariant() is "USER" or "TTL" or "METHOD" or "MADDR" or "TRANSPORT";
            if ((inBoth && !string.Equals(value, two[name], StringComparison.OrdinalIgnoreCase)) || (!inBoth && compulsory))
                return false;
        }
        return true;
    }

    private static bool HeadersMatch(SipParameters one, SipParameters two)
    {
        if (one.Count != two.Count)
            return false;
        foreach (var (name, value, _) in one.Items)
            if (!two.Contains(name) || (value ?? "") != (two[name] ?? ""))
                return false;
        return true;
    }
}
