using System.Globalization;
using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>The header fields and the body of a message that is being made. Used by one thread, for one message.</summary>
internal abstract class SipMessageBuilder
{
    private readonly List<Field> _fields = new(16);
    private ReadOnlyMemory<byte> _body;

    private readonly record struct Field(HeaderId Id, string Name, string? Text, ReadOnlyMemory<byte> Bytes);

    /// <summary>Adds a header field after those that are there.</summary>
    /// <exception cref="ArgumentException">The value holds a line end.</exception>
    protected void Append(HeaderId id, string value)
    {
        SipWriter.Refuse(value);
        _fields.Add(new Field(id, HeaderNames.Of(id), value, default));
    }

    /// <summary>Adds a header field by name.</summary>
    protected void Append(string name, string value)
    {
        SipWriter.Refuse(value);
        var id = HeaderNames.Find(name);
        _fields.Add(new Field(id, id == HeaderId.Other ? name : HeaderNames.Of(id), value, default));
    }

    /// <summary>Adds a header field before all others.</summary>
    protected void Prepend(HeaderId id, string value)
    {
        SipWriter.Refuse(value);
        _fields.Insert(0, new Field(id, HeaderNames.Of(id), value, default));
    }

    /// <summary>Takes all header fields of a kind out.</summary>
    protected void Drop(HeaderId id) => _fields.RemoveAll(field => field.Id == id);

    /// <summary>Copies the bytes of all header fields of a kind from another message.</summary>
    protected void Copy(SipMessage from, HeaderId id)
    {
        foreach (ref readonly var slot in from.Slots)
            if (slot.Id == id)
                _fields.Add(new Field(id, HeaderNames.Of(id), null, from.Bytes.Slice(slot.ValueStart, slot.ValueLength)));
    }

    /// <summary>Copies all header fields but Content-Length from another message.</summary>
    protected void CopyAll(SipMessage from)
    {
        foreach (ref readonly var slot in from.Slots)
            if (slot.Id != HeaderId.ContentLength)
                _fields.Add(new Field(slot.Id, from.NameOf(slot), null, from.Bytes.Slice(slot.ValueStart, slot.ValueLength)));
        _body = from.Body;
    }

    /// <summary>True when there is a header field of that kind already.</summary>
    public bool Has(HeaderId id) => _fields.Exists(field => field.Id == id);

    /// <summary>Sets body and Content-Type.</summary>
    protected void SetBody(string contentType, ReadOnlyMemory<byte> body)
    {
        Drop(HeaderId.ContentType);
        Append(HeaderId.ContentType, contentType);
        _body = body;
    }

    /// <summary>Takes body and Content-Type out.</summary>
    protected void DropBody()
    {
        Drop(HeaderId.ContentType);
        _body = default;
    }

    /// <summary>Writes header fields and body; gives where the body begins.</summary>
    protected int WriteTo(SipWriter writer)
    {
        foreach (var field in _fields)
        {
            if (field.Text is { } text)
                writer.Header(field.Id, field.Name, text);
            else
                writer.Header(field.Id, field.Name, field.Bytes.Span);
        }
        writer.Body(_body.Span);
        return writer.Length - _body.Length;
    }

    /// <summary>The length of the body set.</summary>
    protected int BodyLength => _body.Length;

    /// <summary>Writes a number as headers need it.</summary>
    protected static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The bytes of a text body.</summary>
    protected static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
