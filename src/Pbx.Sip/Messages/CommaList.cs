namespace Pbx.Sip.Messages;

/// <summary>Splits header values at commas outside quotes and angle brackets (RFC 3261 §7.3.1).</summary>
internal static class CommaList
{
    /// <summary>Appends the trimmed, non-empty members of a value.</summary>
    public static void Split(ReadOnlySpan<char> text, List<string> target)
    {
        var start = 0;
        var quoted = false;
        var bracketed = false;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '\\' && quoted)
                i++;
            else if (i < text.Length && text[i] == '"')
                quoted = !quoted;
            else if (i < text.Length && text[i] is '<' or '>' && !quoted)
                bracketed = text[i] == '<';
            else if (i == text.Length || (text[i] == ',' && !quoted && !bracketed))
            {
                var member = text[start..i].Trim(" \t");
                if (!member.IsEmpty)
                    target.Add(member.ToString());
                start = i + 1;
            }
        }
        // A backslash as last character inside quotes steps over the end.
        if (start < text.Length && quoted)
            target.Add(text[start..].Trim(" \t").ToString());
    }
}
