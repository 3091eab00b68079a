using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Alerts;
using Pbx.Core.Common;
using Pbx.Core.Data;
using Pbx.Core.Live;
using Pbx.Testing;

namespace Pbx.Core.Tests;

public sealed class DiskWatchTests : IDisposable
{
    private const long Gigabyte = 1L << 30;
    private readonly FakeClock clock = new();
    private readonly RememberedAlerts alerts = new();
    private readonly DiskWatch watch;
    private DiskRoom? room;

    public DiskWatchTests() => watch = new DiskWatch(["/data"], _ => room, alerts, clock, NullLogger<DiskWatch>.Instance);

    public void Dispose() => watch.Dispose();

    [Fact]
    public void Disk_AtNinetyPercent_IsAnAlert_OnceADay_AndNoMoreWhenThereIsRoom()
    {
        At(89);
        Assert.Empty(alerts.Raised);
        At(90);
        At(95);
        Assert.Equal(["/data 90"], alerts.Raised);
        clock.Advance(TimeSpan.FromHours(24));
        At(95);
        Assert.Equal(["/data 90", "/data 95"], alerts.Raised);

        At(88);
        Assert.Empty(alerts.Dismissed);
        At(80);
        Assert.Equal(["/data"], alerts.Dismissed);
        At(91);
        Assert.Equal("/data 91", alerts.Raised[^1]);
    }

    [Fact]
    public void Disk_WithPlentyLeft_OrOneThatSaysNothing_IsNoAlert()
    {
        room = new DiskRoom(4000 * Gigabyte, 100 * Gigabyte);
        watch.Look();
        room = null;
        watch.Look();
        Assert.Empty(alerts.Raised);
        Assert.Null(DiskWatch.Measure("/no/such/place"));
        Assert.InRange(DiskWatch.Measure(Path.GetTempPath())!.Value.PercentUsed, 0, 100);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("Data Source=/srv/elsewhere/pbx.db", 2)]
    [InlineData("Data Source=:memory:", 1)]
    public void Places_AreTheDataDirectory_AndTheDatabaseWhereItLiesElsewhere(string? connection, int places)
    {
        var directory = new DataDirectory("/var/lib/pbx");
        var found = DiskWatch.PlacesOf(directory, DatabaseAddress.Of(DatabaseProvider.Sqlite, connection, directory));
        Assert.Equal(places, found.Count);
        Assert.Equal(places == 2 ? "/srv/elsewhere" : "/var/lib/pbx", found[^1]);
    }

    private void At(int percent)
    {
        room = new DiskRoom(100 * Gigabyte, (100 - percent) * Gigabyte);
        watch.Look();
    }

    private sealed class RememberedAlerts : IAlerts
    {
        public List<string> Raised { get; } = [];

        public List<string> Dismissed { get; } = [];

        public ILiveTopic<ValueList<Alert>> Current => throw new NotSupportedException();

        public void Raise(AlertKind kind, string subject, string detail) => Raised.Add($"{subject} {detail}");

        public void Dismiss(AlertKind kind, string subject) => Dismissed.Add(subject);
    }
}
