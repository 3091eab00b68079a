using System.Buffers.Binary;
using System.Text;

namespace Pbx.Sip.Media.Apart;

/// <summary>
/// Frames that wait to be sent, one behind the other: length of what follows (4 bytes), kind (1), number of the leg (4), fields. Numbers are
/// little-endian, texts UTF-8 with their length before them. Both ends are the same program, so there are no versions.
/// </summary>
internal sealed class FrameBuffer
{
    /// <summary>Bytes before the fields.</summary>
    public const int Header = 9;

    private byte[] bytes = new byte[4096];
    private int frame;

    /// <summary>Bytes that wait.</summary>
    public int Length { get; private set; }

    /// <summary>What waits.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>Begins a frame.</summary>
    public void Begin(FrameKind kind, int leg)
    {
        frame = Length;
        Int32(0);
        Byte((byte)kind);
        Int32(leg);
    }

    /// <summary>Ends it: its length is known.</summary>
    public void End() => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(frame), Length - frame - 4);

    /// <summary>Takes the frame that was begun last back.</summary>
    public void Drop() => Length = frame;

    /// <summary>The first of it was sent.</summary>
    public void Skip(int sent)
    {
        bytes.AsSpan(sent, Length - sent).CopyTo(bytes);
        Length -= sent;
    }

    /// <summary>Everything was sent.</summary>
    public void Clear() => Length = 0;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);

    public void OptionalDouble(double? value)
    {
        Boolean(value is not null);
        if (value is { } known) Double(known);
    }

    public void Duration(TimeSpan value) => Int64(value.Ticks);

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    public void OptionalText(string? value)
    {
        Boolean(value is not null);
        if (value is not null) Text(value);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(Room(value.Length));
    }

    private Span<byte> Room(int length)
    {
        if (Length + length > bytes.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + length));
        Length += length;
        return bytes.AsSpan(Length - length, length);
    }
}
