using System.Buffers;

namespace Pbx.Sip.Messages;

/// <summary>Walks over the text of one header value with the grammar's small pieces (RFC 3261 §25.1). Never throws.</summary>
internal ref struct SipScanner(ReadOnlySpan<char> text)
{
    private const string AlphaNumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>The characters of a token.</summary>
    public static readonly SearchValues<char> TokenCharacters = SearchValues.Create(AlphaNumeric + "-.!%*_+`'~");

    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>Index of the next character.</summary>
    public int Position { get; private set; }

    /// <summary>True when everything was consumed.</summary>
    public readonly bool AtEnd => Position >= _text.Length;

    /// <summary>The next character, or NUL at the end.</summary>
    public readonly char Current => Position < _text.Length ? _text[Position] : '\0';

    /// <summary>What has not been consumed.</summary>
    public readonly ReadOnlySpan<char> Rest => _text[Position..];

    /// <summary>Skips blanks and tabs; folded lines have become blanks before.</summary>
    public void SkipSpace()
    {
        while (Position < _text.Length && _text[Position] is ' ' or '\t')
            Position++;
    }

    /// <summary>Consumes the character, with space around it allowed.</summary>
    public bool Take(char expected)
    {
        SkipSpace();
        if (Current != expected || AtEnd)
            return false;
        Position++;
        SkipSpace();
        return true;
    }

    /// <summary>Consumes a token, possibly empty.</summary>
    public ReadOnlySpan<char> TakeToken()
    {
        var rest = Rest;
        var length = rest.IndexOfAnyExcept(TokenCharacters);
        length = length < 0 ? rest.Length : length;
        Position += length;
        return rest[..length];
    }

    /// <summary>Consumes up to one of the stop characters or the end.</summary>
    public ReadOnlySpan<char> TakeUntil(ReadOnlySpan<char> stops)
    {
        var rest = Rest;
        var length = rest.IndexOfAny(stops);
        length = length < 0 ? rest.Length : length;
        Position += length;
        return rest[..length];
    }

    /// <summary>Consumes digits, possibly none.</summary>
    public ReadOnlySpan<char> TakeDigits()
    {
        var rest = Rest;
        var length = rest.IndexOfAnyExceptInRange('0', '9');
        length = length < 0 ? rest.Length : length;
        Position += length;
        return rest[..length];
    }

    /// <summary>Consumes a quoted string and gives its text without quotes and escapes. False when it never ends.</summary>
    public bool TryTakeQuoted(out string value)
    {
        value = "";
        if (Current != '"' || AtEnd)
            return false;
        var escaped = false;
        for (var i = Position + 1; i < _text.Length; i++)
        {
            if (_text[i] == '\\')
            {
                escaped = true;
                i++;
            }
            else if (_text[i] == '"')
            {
                var raw = _text[(Position + 1)..i];
                value = escaped ? Unescape(raw) : raw.ToString();
                Position = i + 1;
                return true;
            }
        }
        return false;
    }

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var target = new char[raw.Length];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\' && i + 1 < raw.Length)
                i++;
            target[length++] = raw[i];
        }
        return new string(target, 0, length);
    }
}
