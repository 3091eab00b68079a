using Pbx.Core.Sites;

namespace Pbx.Core.Tests.Sites;

public sealed class HolidayImportTests
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Fact]
    public void Import_DatesTimesAndRecurrences_BecomeHolidays()
    {
        var imported = Read(
            "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Pont\r\nDTSTART;VALUE=DATE:20260515\r\nDTEND;VALUE=DATE:20260516\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Congés\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20270103\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Fête\r\nDTSTART;VALUE=DATE:20260706\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\r\nUID:4\r\nSUMMARY:Réunion\r\nDTSTART:20260901T120000Z\r\nDTEND:20260901T133000Z\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\r\nUID:5\r\nSUMMARY:Inventaire\r\nDTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=MONTHLY;COUNT=3\r\nEND:VEVENT\r\n");

        Assert.Empty(imported.Mistakes);
        Assert.Contains(new Holiday { Name = "Pont", Date = new(2026, 5, 15) }, imported.Holidays);
        Assert.Contains(new Holiday { Name = "Congés", Date = new(2026, 12, 24), LastDate = new(2027, 1, 2) }, imported.Holidays);
        Assert.Contains(new Holiday { Name = "Fête", Date = new(2026, 7, 6), EveryYear = true }, imported.Holidays);
        Assert.Contains(new Holiday { Name = "Réunion", Date = new(2026, 9, 1), Start = new(14, 0), End = new(15, 30) }, imported.Holidays);
        Assert.Equal(3, imported.Holidays.Count(h => h.Name == "Inventaire"));
    }

    [Fact]
    public void Import_EventWithoutStart_IsAMistake_AndTheOthersAreKept()
    {
        var imported = Read("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Rien\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Pont\r\nDTSTART;VALUE=DATE:20260515\r\nEND:VEVENT\r\n");

        Assert.Equal("event-without-start", Assert.Single(imported.Mistakes).Code);
        Assert.Equal("Pont", Assert.Single(imported.Holidays).Name);
    }

    [Theory]
    [InlineData("FREQ=SECONDLY")]
    [InlineData("FREQ=HOURLY;INTERVAL=5")]
    [InlineData("FREQ=YEARLY;INTERVAL=0")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")]
    public async Task Import_RuleThatRecursWithinADayOrNever_IsAMistake_InTime(string rule)
    {
        var imported = await Task.Run(() => Read($"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:X\r\nDTSTART;VALUE=DATE:19700101\r\nRRULE:{rule}\r\nEND:VEVENT\r\n")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Single(imported.Mistakes);
        Assert.Empty(imported.Holidays);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bonjour")]
    [InlineData("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026\r\n")]
    public void Import_OfNoCalendar_SaysSo_AndDoesNotThrow(string text) =>
        Assert.NotEmpty(HolidayImport.Read(text, Paris, new(2026, 1, 1), new(2027, 12, 31)).Mistakes);

    private static ImportedHolidays Read(string events) =>
        HolidayImport.Read($"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n", Paris, new(2026, 1, 1), new(2027, 12, 31));
}
