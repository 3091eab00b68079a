using System.Buffers.Binary;
using System.Text;

namespace Pbx.Sip.Media.Apart;

/// <summary>Reads the fields of one frame, in the order in which <see cref="FrameBuffer"/> wrote them.</summary>
internal ref struct FrameReader
{
    private ReadOnlySpan<byte> rest;

    /// <summary>A frame without its length.</summary>
    public FrameReader(ReadOnlySpan<byte> frame)
    {
        rest = frame;
        Kind = (FrameKind)Byte();
        Leg = Int32();
    }

    /// <summary>What it says.</summary>
    public FrameKind Kind { get; }

    /// <summary>The leg that it is about.</summary>
    public int Leg { get; }

    public byte Byte() => Take(1)[0];

    public bool Boolean() => Byte() != 0;

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public double? OptionalDouble() => Boolean() ? Double() : null;

    public TimeSpan Duration() => new(Int64());

    public string Text() => Encoding.UTF8.GetString(Take(Int32()));

    public string? OptionalText() => Boolean() ? Text() : null;

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
