using Pbx.Sip.Messages;

namespace Pbx.Sip.Dialogs;

/// <summary>Reads keys sent by INFO: <c>application/dtmf-relay</c> (Signal=5) and <c>application/dtmf</c> (the key alone).</summary>
internal static class InfoDigits
{
    /// <summary>The key (0-9, *, #, A-D) in an INFO, or null when it holds none.</summary>
    public static char? Read(SipRequest info)
    {
        var type = info.ContentType?.Value ?? "";
        if (type.Equals("application/dtmf-relay", StringComparison.OrdinalIgnoreCase)) return Relay(info.BodyText);
        return type.Equals("application/dtmf", StringComparison.OrdinalIgnoreCase) ? Key(info.BodyText) : null;
    }

    private static char? Relay(string body)
    {
        foreach (var line in body.AsSpan().EnumerateLines())
        {
            var equals = line.IndexOf('=');
            if (equals > 0 && line[..equals].Trim().Equals("Signal", StringComparison.OrdinalIgnoreCase)) return Key(line[(equals + 1)..]);
        }
        return null;
    }

    /// <summary>Some phones write star and hash as the event numbers of RFC 4733.</summary>
    private static char? Key(ReadOnlySpan<char> text) => text.Trim() switch
    {
        [>= '0' and <= '9' or '*' or '#' or >= 'A' and <= 'D' or >= 'a' and <= 'd'] and [var key] => char.ToUpperInvariant(key),
        "10" => '*',
        "11" => '#',
        _ => null,
    };
}
