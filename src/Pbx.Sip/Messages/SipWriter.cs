using System.Buffers.Text;
using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>
/// Writes a message into one growing array and indexes its header fields on the way. Nothing that would end a line gets into a line:
/// header injection is impossible by construction.
/// </summary>
internal sealed class SipWriter
{
    private byte[] _bytes = new byte[1024];
    private readonly List<HeaderSlot> _slots = new(16);
    private int _length;

    /// <summary>The header fields written.</summary>
    public HeaderSlot[] Slots => [.. _slots];

    /// <summary>The bytes written.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>How many bytes were written.</summary>
    public int Length => _length;

    /// <summary>Writes the start line.</summary>
    public void StartLine(string line)
    {
        Refuse(line);
        Text(line);
        Raw("\r\n"u8);
    }

    /// <summary>Writes a known header field.</summary>
    public void Header(HeaderId id, string value) => Header(id, HeaderNames.Of(id), value);

    /// <summary>Writes a header field.</summary>
    public void Header(HeaderId id, string name, string value)
    {
        Refuse(value);
        var start = Name(name);
        var valueStart = _length;
        Text(value);
        _slots.Add(new HeaderSlot(id, start, name.Length, valueStart, _length - valueStart));
        Raw("\r\n"u8);
    }

    /// <summary>Copies a header field of another message.</summary>
    public void Header(HeaderId id, string name, ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny((byte)'\r', (byte)'\n') >= 0)
            throw new ArgumentException("A header value may not hold a line end.", nameof(value));
        var start = Name(name);
        _slots.Add(new HeaderSlot(id, start, name.Length, _length, value.Length));
        Raw(value);
        Raw("\r\n"u8);
    }

    /// <summary>Writes Content-Length, the empty line and the body.</summary>
    public void Body(ReadOnlySpan<byte> body)
    {
        var start = Name("Content-Length");
        var valueStart = _length;
        Ensure(11);
        _ = Utf8Formatter.TryFormat(body.Length, _bytes.AsSpan(_length), out var written);
        _length += written;
        _slots.Add(new HeaderSlot(HeaderId.ContentLength, start, 14, valueStart, written));
        Raw("\r\n\r\n"u8);
        Raw(body);
    }

    /// <summary>Refuses what would end a line. A value from outside never brings it: the parser lets none through.</summary>
    /// <exception cref="ArgumentException">There is a CR or LF.</exception>
    internal static void Refuse(string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new ArgumentException("A header value may not hold a line end.", nameof(value));
    }

    private int Name(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(SipScanner.TokenCharacters))
            throw new ArgumentException("Not a header name.", nameof(name));
        var start = _length;
        Text(name);
        Raw(": "u8);
        return start;
    }

    private void Text(string text)
    {
        Ensure(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Ensure(int more)
    {
        if (_length + more > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
