using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>One parameter; a value of null means that it has none. <paramref name="Quoted"/>: it is written in quotes.</summary>
internal readonly record struct SipParameter(string Name, string? Value, bool Quoted = false);

/// <summary>An immutable, ordered list of parameters; names compare without case (RFC 3261 §7.3.1).</summary>
internal readonly struct SipParameters
{
    /// <summary>No parameters.</summary>
    public static SipParameters None => default;

    private readonly SipParameter[]? _items;

    private SipParameters(SipParameter[] items) => _items = items;

    /// <summary>How many there are.</summary>
    public int Count => _items?.Length ?? 0;

    /// <summary>All of them in order.</summary>
    public ReadOnlySpan<SipParameter> Items => _items;

    /// <summary>The value of a parameter; null when it is absent or has no value.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var item in Items)
                if (item.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return item.Value;
            return null;
        }
    }

    /// <summary>True when the parameter is there, with or without a value.</summary>
    public bool Contains(string name)
    {
        foreach (var item in Items)
            if (item.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>The same list with this parameter set; it keeps its place when it was there.</summary>
    public SipParameters With(string name, string? value = null)
    {
        var added = new SipParameter(name, value, value is not null && NeedsQuotes(value));
        var items = _items ?? [];
        for (var i = 0; i < items.Length; i++)
        {
            if (!items[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var copy = (SipParameter[])items.Clone();
            copy[i] = added;
            return new SipParameters(copy);
        }
        return new SipParameters([.. items, added]);
    }

    /// <summary>The same list without this parameter.</summary>
    public SipParameters Without(string name) => Contains(name)
        ? new SipParameters([.. _items!.Where(item => !item.Name.Equals(name, StringComparison.OrdinalIgnoreCase))])
        : this;

    /// <summary>
    /// Parses <c>;name=value;name</c> at the scanner up to the end or a comma. False when something else stands there.
    /// </summary>
    public static bool TryParse(ref SipScanner scanner, out SipParameters parameters)
    {
        parameters = default;
        List<SipParameter>? items = null;
        while (scanner.Take(';'))
        {
            var name = scanner.TakeToken();
            if (name.IsEmpty)
                return false;
            var text = name.ToString();
            if (!scanner.Take('='))
                (items ??= []).Add(new SipParameter(text, null));
            else if (scanner.Current == '"')
            {
                if (!scanner.TryTakeQuoted(out var quoted))
                    return false;
                (items ??= []).Add(new SipParameter(text, quoted, Quoted: true));
            }
            else
            {
                // Wider than the grammar's token or host: phones put IPv6 literals and URIs here unquoted.
                var value = scanner.TakeUntil(" \t;,\"<>");
                if (value.IsEmpty)
                    return false;
                (items ??= []).Add(new SipParameter(text, value.ToString()));
            }
        }
        scanner.SkipSpace();
        if (items is not null)
            parameters = new SipParameters([.. items]);
        return scanner.AtEnd || scanner.Current == ',';
    }

    /// <summary>A list of the parameters given.</summary>
    public static SipParameters Of(List<SipParameter>? items) => items is { Count: > 0 } ? new SipParameters([.. items]) : default;

    /// <summary>Appends them as <c>;name=value</c>.</summary>
    public void AppendTo(StringBuilder target)
    {
        foreach (var (name, value, quoted) in Items)
        {
            target.Append(';').Append(name);
            if (value is null)
                continue;
            target.Append('=');
            if (quoted)
                AppendQuoted(target, value);
            else
                target.Append(value);
        }
    }

    /// <summary>Appends the text in quotes, with quote and backslash escaped.</summary>
    public static void AppendQuoted(StringBuilder target, string text)
    {
        target.Append('"');
        foreach (var c in text)
        {
            if (c is '"' or '\\' or '\r' or '\0' || (c < ' ' && c != '\t'))
                target.Append('\\');
            target.Append(c);
        }
        target.Append('"');
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        AppendTo(text);
        return text.ToString();
    }

    // via-received is an IPv6 address without brackets or quotes (RFC 3261 section 25.1).
    private static bool NeedsQuotes(string value) => value.Length == 0
        || (value[0] != '[' && value.AsSpan().ContainsAnyExcept(SipScanner.TokenCharacters) && !System.Net.IPAddress.TryParse(value, out _));
}
