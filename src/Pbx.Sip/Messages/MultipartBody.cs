using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>Finds a part in a multipart body (RFC 2046 §5.1, RFC 5621).</summary>
internal static class MultipartBody
{
    /// <summary>
    /// The body of a message when it is of that media type, or the first part that is; null when there is none. Parts of parts are
    /// not searched.
    /// </summary>
    public static ReadOnlyMemory<byte>? Find(SipMessage message, string mediaType)
    {
        if (message.Body.IsEmpty || message.ContentType is not { } type)
            return null;
        if (type.Is(mediaType))
            return message.Body;
        if (!type.Value.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) || type.Parameters["boundary"] is not { Length: > 0 } boundary)
            return null;
        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        var rest = message.Body;
        while (rest.Span.IndexOf(delimiter) is >= 0 and var at)
        {
            rest = rest[(at + delimiter.Length)..];
            var end = rest.Span.IndexOf(delimiter);
            if (end < 0)
                return null;
            if (PartOf(rest[..end], mediaType) is { } part)
                return part;
        }
        return null;
    }

    private static ReadOnlyMemory<byte>? PartOf(ReadOnlyMemory<byte> part, string mediaType)
    {
        var position = part.Span.IndexOf((byte)'\n') + 1;
        var matches = false;
        while (position > 0 && SipParser.TryLine(part.Span, position, out var end, out var next))
        {
            if (end == position)
                return matches ? WithoutLastLineEnd(part[next..]) : default(ReadOnlyMemory<byte>?);
            var line = part.Span[position..end];
            var colon = line.IndexOf((byte)':');
            if (colon > 0 && HeaderNames.Find(line[..colon].TrimEnd(" \t"u8)) == HeaderId.ContentType)
                matches = TokenValue.TryParse(Encoding.UTF8.GetString(line[(colon + 1)..]), out var type) && type.Is(mediaType);
            position = next;
        }
        return null;
    }

    // The line end before a delimiter belongs to the delimiter.
    private static ReadOnlyMemory<byte> WithoutLastLineEnd(ReadOnlyMemory<byte> body)
    {
        var span = body.Span;
        return span.EndsWith("\r\n"u8) ? body[..^2] : span.EndsWith("\n"u8) ? body[..^1] : body;
    }
}
