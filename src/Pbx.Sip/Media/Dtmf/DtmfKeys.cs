namespace Pbx.Sip.Media.Dtmf;

/// <summary>The sixteen keys, their event numbers (RFC 4733 section 3.2) and their frequencies (ITU-T Q.23).</summary>
internal static class DtmfKeys
{
    /// <summary>The keys in the order of their event numbers.</summary>
    public const string ByEvent = "0123456789*#ABCD";

    private const string Grid = "123A456B789C*0#D";

    /// <summary>Frequencies of the rows, in Hz.</summary>
    public static ReadOnlySpan<int> Rows => [697, 770, 852, 941];

    /// <summary>Frequencies of the columns, in Hz.</summary>
    public static ReadOnlySpan<int> Columns => [1209, 1336, 1477, 1633];

    /// <summary>Event number of a key, or -1.</summary>
    public static int EventOf(char key) => ByEvent.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);

    /// <summary>The key at a row and a column.</summary>
    public static char At(int row, int column) => Grid[(4 * row) + column];

    /// <summary>The two frequencies of a key.</summary>
    public static (int Row, int Column) FrequenciesOf(char key)
    {
        var place = Grid.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
        return (Rows[place / 4], Columns[place % 4]);
    }
}

/// <summary>What a receiver or detector noticed: a key that went down, a key that was released, either, both or neither.</summary>
/// <param name="Started">Key that went down, or zero.</param>
/// <param name="Ended">Key that was released, or zero; when both are there it was released first.</param>
/// <param name="Milliseconds">How long the released one was held.</param>
internal readonly record struct DtmfNews(char Started, char Ended, int Milliseconds)
{
    /// <summary>True when there is something.</summary>
    public bool Any => Started != 0 || Ended != 0;
}
