namespace Pbx.Sip.Messages;

/// <summary>What lies at the beginning of a stream's buffer.</summary>
internal enum FrameKind : byte
{
    /// <summary>More bytes are needed; nothing is wrong.</summary>
    Incomplete,
    /// <summary>One whole message.</summary>
    Message,
    /// <summary>A double CRLF that asks for a single one (RFC 5626 §3.5.1).</summary>
    Ping,
    /// <summary>A message whose end cannot be known: it is answered if possible, and the connection closed.</summary>
    Broken,
}

/// <summary>The next frame of a stream.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where the message begins in the buffer given.</param>
/// <param name="Length">Its length; of the header alone when broken.</param>
/// <param name="Consumed">How many bytes of the buffer are done with.</param>
/// <param name="Rejection">What is wrong when broken.</param>
internal readonly record struct Frame(FrameKind Kind, int Start = 0, int Length = 0, int Consumed = 0, SipRejection Rejection = SipRejection.None);

/// <summary>Cuts a stream into messages by Content-Length (RFC 3261 §18.3). Pure: the caller owns the buffer.</summary>
internal static class SipFramer
{
    /// <summary>What a client sends to keep a connection alive (RFC 5626 §3.5.1).</summary>
    public static ReadOnlySpan<byte> Ping => "\r\n\r\n"u8;

    /// <summary>The answer to <see cref="Ping"/>.</summary>
    public static ReadOnlySpan<byte> Pong => "\r\n"u8;

    /// <summary>Looks at the beginning of what a connection has received and not consumed.</summary>
    public static Frame Next(ReadOnlySpan<byte> buffer, SipLimits? limits = null)
    {
        limits ??= SipLimits.Default;
        if (buffer.StartsWith(Ping))
            return new(FrameKind.Ping, Consumed: Ping.Length);
        var start = 0;
        while (start < buffer.Length && buffer[start] is (byte)'\r' or (byte)'\n')
            start++;
        if (start == buffer.Length)
            return new(FrameKind.Incomplete);
        var position = start;
        long? bodyLength = null;
        var rejection = SipRejection.None;
        while (SipParser.TryLine(buffer, position, out var end, out var next))
        {
            // What does not begin like SIP has no end to be found: rubbish, or a body whose length nobody said.
            if (position == start && buffer[start..end].IndexOf("SIP/"u8) < 0)
                return new(FrameKind.Broken, start, end - start, buffer.Length, SipRejection.NotSip);
            if (end == position)
                return Cut(start, next, bodyLength, rejection, buffer.Length, limits);
            while (SipParser.IsFolded(buffer, next) && SipParser.TryLine(buffer, next, out var foldedEnd, out var afterFold))
                (end, next) = (foldedEnd, afterFold);
            if (position > start && IsContentLength(buffer[position..end], out var value))
            {
                // RFC 4475 §3.3.9: two lengths leave the end unknown, even when they are equal.
                if (bodyLength is not null)
                    rejection = SipRejection.DuplicateHeader;
                if (!TryLength(value, out var length))
                    rejection = SipRejection.BadContentLength;
                bodyLength = length;
            }
            position = next;
            if (position - start > limits.MessageBytes)
                break;
        }
        return buffer.Length - start > limits.MessageBytes
            ? new(FrameKind.Broken, start, position - start, buffer.Length, SipRejection.MessageTooLarge)
            : new(FrameKind.Incomplete);
    }

    private static Frame Cut(int start, int headerEnd, long? bodyLength, SipRejection rejection, int available, SipLimits limits)
    {
        if (rejection == SipRejection.None && headerEnd - start + (bodyLength ?? 0) > limits.MessageBytes)
            rejection = SipRejection.MessageTooLarge;
        if (rejection != SipRejection.None)
            return new(FrameKind.Broken, start, headerEnd - start, available, rejection);
        // Deviates from RFC 3261 §20.14 because peers exist that leave Content-Length out when there is no body.
        var end = headerEnd + (bodyLength ?? 0);
        return end > available
            ? new(FrameKind.Incomplete)
            : new(FrameKind.Message, start, (int)end - start, (int)end);
    }

    private static bool IsContentLength(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        value = default;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || HeaderNames.Find(line[..colon].TrimEnd(" \t"u8)) != HeaderId.ContentLength)
            return false;
        value = line[(colon + 1)..].Trim(" \t\r\n"u8);
        return true;
    }

    private static bool TryLength(ReadOnlySpan<byte> value, out long length)
    {
        length = 0;
        if (value.IsEmpty || value.Length > 10 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        foreach (var digit in value)
            length = (length * 10) + digit - '0';
        return true;
    }
}
