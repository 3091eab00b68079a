using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>
/// What parsing gave. A rejected message may still be there, as far as it could be read, so that it can be answered
/// (RFC 4475 §3.1.2 asks for 400, not silence).
/// </summary>
internal readonly record struct SipParseResult(SipMessage? Message, SipRejection Rejection)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsValid => Rejection == SipRejection.None && Message is not null;
}

/// <summary>Turns the bytes of one message into a <see cref="SipMessage"/>: start line and header index only. Never throws.</summary>
internal static class SipParser
{
    /// <summary>Parses a datagram or a frame of a stream, of which it keeps a copy.</summary>
    public static SipParseResult Parse(ReadOnlySpan<byte> received, SipLimits? limits = null) =>
        received.Length > (limits ?? SipLimits.Default).MessageBytes
            ? new(null, SipRejection.MessageTooLarge)
            : ParseOwned(received.ToArray(), limits);

    /// <summary>Parses bytes that from now on belong to the message.</summary>
    public static SipParseResult ParseOwned(byte[] bytes, SipLimits? limits = null)
    {
        limits ??= SipLimits.Default;
        var start = 0;
        // RFC 3261 §7.5: empty lines before the start line are ignored.
        while (start < bytes.Length && bytes[start] is (byte)'\r' or (byte)'\n')
            start++;
        if (!TryLine(bytes, start, out var lineEnd, out var next))
            return new(null, bytes.AsSpan(start).IndexOf("SIP/"u8) < 0 ? SipRejection.NotSip : SipRejection.Truncated);
        var line = bytes.AsSpan(start, lineEnd - start);
        var isResponse = line.StartsWith("SIP/"u8);
        if (!isResponse && line.IndexOf("SIP/"u8) < 0)
            return new(null, SipRejection.NotSip);
        var rejection = line.Length > limits.HeaderBytes ? SipRejection.HeaderTooLong : SipRejection.None;
        var headers = IndexHeaders(bytes, next, limits, ref rejection, out var bodyStart);
        var bodyLength = bytes.Length - bodyStart;
        if (BodyLength(bytes, headers) is { } declared && declared < bodyLength)
            bodyLength = (int)declared;
        var whole = bytes.AsMemory(start, bodyStart + bodyLength - start);
        Shift(headers, start);
        return isResponse
            ? StatusLine(line, whole, headers, bodyStart - start, bodyLength, rejection)
            : RequestLine(line, whole, headers, bodyStart - start, bodyLength, rejection);
    }

    private static SipParseResult RequestLine(ReadOnlySpan<byte> line, ReadOnlyMemory<byte> bytes, HeaderSlot[] slots, int bodyStart,
        int bodyLength, SipRejection rejection)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf(" SIP/"u8);
        if (first <= 0 || last < 0)
            return new(null, SipRejection.NotSip);
        var method = Encoding.UTF8.GetString(line[..first]);
        // RFC 4475 §3.1.2.8 and following: exactly one blank, no angle brackets, nothing after the version.
        var uri = last > first ? Encoding.UTF8.GetString(line[(first + 1)..last]) : "";
        var version = line[(last + 1)..];
        if (rejection == SipRejection.None)
            rejection = JudgeRequestLine(method, uri, version);
        return new(new SipRequest(SipMethods.Intern(method), uri, bytes, slots, bodyStart, bodyLength), rejection);
    }

    private static SipRejection JudgeRequestLine(string method, string uri, ReadOnlySpan<byte> version)
    {
        if (method.AsSpan().ContainsAnyExcept(SipScanner.TokenCharacters) || uri.Length == 0 || uri.AsSpan().ContainsAny(" \t<>"))
            return SipRejection.BadRequestLine;
        if (version.SequenceEqual("SIP/2.0"u8))
            return SipRejection.None;
        return IsVersion(version) ? SipRejection.UnsupportedVersion : SipRejection.BadRequestLine;
    }

    // SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT
    private static bool IsVersion(ReadOnlySpan<byte> version)
    {
        var rest = version[4..];
        var dot = rest.IndexOf((byte)'.');
        return dot > 0 && dot < rest.Length - 1 && !rest[..dot].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !rest[(dot + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static SipParseResult StatusLine(ReadOnlySpan<byte> line, ReadOnlyMemory<byte> bytes, HeaderSlot[] slots, int bodyStart,
        int bodyLength, SipRejection rejection)
    {
        if (!line.StartsWith("SIP/2.0 "u8))
            return new(null, line.StartsWith("SIP/"u8) && line.IndexOf((byte)' ') is > 0 and var end && IsVersion(line[..end])
                ? SipRejection.UnsupportedVersion
                : SipRejection.BadStatusLine);
        var rest = line[8..];
        // A missing blank before an empty phrase is tolerated (RFC 4475 §3.1.1.13 shows the blank).
        if (rest.Length < 3 || (rest.Length > 3 && rest[3] != ' ') || rest[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return new(null, SipRejection.BadStatusLine);
        var status = ((rest[0] - '0') * 100) + ((rest[1] - '0') * 10) + rest[2] - '0';
        if (status is < 100 or > 699)
            return new(null, SipRejection.BadStatusLine);
        var reason = rest.Length > 4 ? Encoding.UTF8.GetString(rest[4..]) : "";
        return new(new SipResponse(status, reason, bytes, slots, bodyStart, bodyLength), rejection);
    }

    private static HeaderSlot[] IndexHeaders(byte[] bytes, int position, SipLimits limits, ref SipRejection rejection, out int bodyStart)
    {
        Span<HeaderSlot> few = stackalloc HeaderSlot[32];
        var slots = few;
        var count = 0;
        while (true)
        {
            if (!TryLine(bytes, position, out var end, out var next))
            {
                First(ref rejection, SipRejection.Truncated);
                bodyStart = bytes.Length;
                break;
            }
            if (end == position)
            {
                bodyStart = next;
                break;
            }
            while (IsFolded(bytes, next) && TryLine(bytes, next, out var foldedEnd, out var afterFold))
            {
                // §7.3.1: a folded line is one blank; making it so in place lets every value be one slice.
                bytes.AsSpan(end, next - end).Fill((byte)' ');
                (end, next) = (foldedEnd, afterFold);
            }
            if (end - position > limits.HeaderBytes)
                First(ref rejection, SipRejection.HeaderTooLong);
            else if (count == limits.Headers)
                First(ref rejection, SipRejection.TooManyHeaders);
            else if (!TryHeader(bytes, position, end, out var slot))
                First(ref rejection, SipRejection.BadHeaderLine);
            else
            {
                if (count == slots.Length)
                {
                    var more = new HeaderSlot[slots.Length * 2];
                    slots.CopyTo(more);
                    slots = more;
                }
                slots[count++] = slot;
            }
            position = next;
        }
        return slots[..count].ToArray();
    }

    private static bool TryHeader(byte[] bytes, int start, int end, out HeaderSlot slot)
    {
        slot = default;
        var line = bytes.AsSpan(start, end - start);
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
            return false;
        var name = line[..colon].TrimEnd(" \t"u8);
        foreach (var b in name)
            if (b >= 0x80 || !SipScanner.TokenCharacters.Contains((char)b))
                return false;
        var valueStart = start + colon + 1;
        while (valueStart < end && bytes[valueStart] is (byte)' ' or (byte)'\t')
            valueStart++;
        while (end > valueStart && bytes[end - 1] is (byte)' ' or (byte)'\t')
            end--;
        // A bare CR would end the line for a laxer peer when the value is copied into a message of ours.
        if (name.IsEmpty || bytes.AsSpan(valueStart, end - valueStart).Contains((byte)'\r'))
            return false;
        slot = new HeaderSlot(HeaderNames.Find(name), start, name.Length, valueStart, end - valueStart);
        return true;
    }

    /// <summary>A line ends with CRLF, or with a bare LF as some peers send.</summary>
    internal static bool TryLine(ReadOnlySpan<byte> bytes, int start, out int end, out int next)
    {
        var length = bytes[start..].IndexOf((byte)'\n');
        next = start + length + 1;
        end = length > 0 && bytes[start + length - 1] == '\r' ? start + length - 1 : start + length;
        return length >= 0;
    }

    /// <summary>True when the line that begins there continues the one before.</summary>
    internal static bool IsFolded(ReadOnlySpan<byte> bytes, int next) => next < bytes.Length && bytes[next] is (byte)' ' or (byte)'\t';

    private static uint? BodyLength(byte[] bytes, HeaderSlot[] slots)
    {
        foreach (ref readonly var slot in slots.AsSpan())
            if (slot.Id == HeaderId.ContentLength)
                return System.Buffers.Text.Utf8Parser.TryParse(bytes.AsSpan(slot.ValueStart, slot.ValueLength), out uint value, out var used)
                    && used == slot.ValueLength ? value : null;
        return null;
    }

    private static void Shift(HeaderSlot[] slots, int start)
    {
        if (start == 0)
            return;
        for (var i = 0; i < slots.Length; i++)
            slots[i] = slots[i] with { NameStart = slots[i].NameStart - start, ValueStart = slots[i].ValueStart - start };
    }

    private static void First(ref SipRejection rejection, SipRejection next)
    {
        if (rejection == SipRejection.None)
            rejection = next;
    }
}
