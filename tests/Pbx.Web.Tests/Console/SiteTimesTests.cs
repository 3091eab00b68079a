using System.Globalization;
using Pbx.Web.Shell;

namespace Pbx.Web.Tests.Console;

public class SiteTimesTests
{
    [Theory]
    [InlineData("Europe/Paris", "2026-03-29T01:59", "2026-03-29T01:59+01:00")]
    [InlineData("Europe/Paris", "2026-03-29T02:30", "2026-03-29T03:30+02:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:45+11:00")]
    [InlineData("Australia/Sydney", "2026-10-04T02:00", "2026-10-04T03:00+11:00")]
    [InlineData("Asia/Kolkata", "2026-10-04T02:00", "2026-10-04T02:00+05:30")]
    public void LocalTime_ThatTheClockSkips_IsReadLaterByWhatItSkips(string zone, string local, string instant) =>
        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), SiteTimes.ToInstant(DateTime.Parse(local, CultureInfo.InvariantCulture), zone));
}
