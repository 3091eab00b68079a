using CsCheck;
using Pbx.Core.CallRecords;
using Pbx.Core.Snapshot;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.CallRecords;

public sealed class CallRecordCsvTests
{
    private static readonly CallRecord Sample = new() { Id = Guid.Empty, StartedAt = new(2026, 7, 1, 8, 0, 0, TimeSpan.Zero) };

    [Fact]
    public void Times_AreThoseOfTheSite_WithTheirDistanceFromUtc()
    {
        var snapshot = PbxSnapshot.Empty.With(Site() with { TimeZone = "Europe/Paris" });
        var line = CallRecordCsv.Line(Sample with { Site = "paris", EndedAt = Sample.StartedAt.AddMinutes(2) }, snapshot);
        Assert.Contains(",2026-07-01T10:00:00+02:00,,2026-07-01T10:02:00+02:00,120,", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=HYPERLINK(0)", "'=HYPERLINK(0)")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("@sum", "'@sum")]
    [InlineData("-2", "'-2")]
    [InlineData("+33612345678", "+33612345678")]
    [InlineData("Zoé", "Zoé")]
    public void Words_ThatASpreadsheetTakesForAFormula_AreKeptFromIt(string caller, string shown) =>
        Assert.Equal(shown, Fields(CallRecordCsv.Line(Sample with { CallerName = caller }, PbxSnapshot.Empty))[7]);

    [Fact]
    public void AnyWords_AreReadBackAsTheyWere_InTheirColumn() => Gen.String.Sample(words =>
    {
        var line = CallRecordCsv.Line(Sample with { CallerName = words, AnsweredBy = "101" }, PbxSnapshot.Empty);
        var fields = Fields(line);
        Assert.Equal(CallRecordCsv.Header.Split(',').Length, fields.Count);
        Assert.Equal("101", fields[10]);
        Assert.Equal(words, fields[7].StartsWith('\'') && !words.StartsWith('\'') ? fields[7][1..] : fields[7]);
    });

    /// <summary>Reads a line by RFC 4180.</summary>
    private static List<string> Fields(string line)
    {
        List<string> fields = [];
        var (field, quoted) = (new System.Text.StringBuilder(), false);
        for (var i = 0; i < line.Length - 2; i++)
        {
            if (quoted && line[i] == '"' && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
