using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;

namespace Pbx.Core.Tests.Access;

public sealed class ConsoleSessionsTests
{
    private const string Password = "a long enough one";
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0";
    private const string Safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

    private readonly FakeClock clock = new();

    [Theory, DatabaseData]
    public async Task Session_EndedFromAnotherBrowser_IsEndedAtOnce_Told_AndAudited(DatabaseProvider provider)
    {
        await using var core = await StartAsync(provider);
        var sessions = core.Get<ConsoleSessions>();
        var (anna, bob) = (await UserAsync(core, "anna"), await UserAsync(core, "bob"));
        var desk = await SignInAsync(core, anna);
        clock.Advance(TimeSpan.FromSeconds(1));
        var phone = await SignInAsync(core, anna, userAgent: Safari, address: "198.51.100.7");
        var told = 0;
        using var watch = sessions.Watch(desk, () => told++);

        Assert.Equal([(phone, "Safari, iPhone", "198.51.100.7"), (desk, "Firefox, Windows", "192.0.2.1")],
            (await sessions.ListAsync(anna)).Value.Select(s => (s.Id, s.Browser, s.Address)));
        Assert.False((await sessions.EndAsync(bob, desk, As("bob"))).Value, "somebody else's session");
        Assert.Equal(SessionState.Live, await sessions.StateAsync(desk));
        Assert.True((await sessions.EndAsync(anna, desk, As("anna"))).Value);

        Assert.Equal((SessionState.Ended, SessionState.Live, 1), (await sessions.StateAsync(desk), await sessions.StateAsync(phone), told));
        Assert.False((await sessions.EndAsync(anna, desk, As("anna"))).Value, "ended before");
        sessions.Watch(desk, () => told++).Dispose();
        Assert.Equal(2, told);
        var line = (await core.Configuration.ChangesAsync(null, 1))[0];
        Assert.Equal(("user:anna@example.com", "anna@example.com"), (line.Subject, line.Actor.Name));
        Assert.Contains("\"ended\"", line.After, StringComparison.Ordinal);
        Assert.Contains("Firefox, Windows", line.After, StringComparison.Ordinal);
    }

    [Theory, DatabaseData]
    public async Task Sessions_AreCountedAndEndedByAnAdministrator_AllButOneByTheirUser_AndByNobodyElse(DatabaseProvider provider)
    {
        await using var core = await StartAsync(provider);
        var sessions = core.Get<ConsoleSessions>();
        var (anna, bob) = (await UserAsync(core, "anna"), await UserAsync(core, "bob"));
        var kept = await SignInAsync(core, anna);
        await SignInAsync(core, anna);
        await SignInAsync(core, anna);
        var other = await SignInAsync(core, bob);
        var receptionist = new Caller(TestCore.Tester, Roles.PermissionsOf(Roles.Receptionist));

        Assert.Equal((3, 1), Counts((await sessions.CountAsync(Caller.System)).Value, anna, bob));
        Assert.Equal("forbidden", (await sessions.CountAsync(receptionist)).Errors[0].Code);
        Assert.Equal("forbidden", (await sessions.EndAllAsync(bob, receptionist)).Errors[0].Code);
        Assert.Equal(2, (await sessions.EndOthersAsync(anna, kept, As("anna"))).Value);
        Assert.Equal(SessionState.Live, await sessions.StateAsync(kept));
        Assert.Equal(1, (await sessions.EndAllAsync(bob, Caller.System)).Value);
        Assert.Equal(SessionState.Ended, await sessions.StateAsync(other));
        Assert.Equal((1, 0), Counts((await sessions.CountAsync(Caller.System)).Value, anna, bob));
    }

    [Theory, DatabaseData]
    public async Task Password_Changed_ThisSessionGoesOn_TheOthersAreLostAtOnce(DatabaseProvider provider)
    {
        await using var core = await StartAsync(provider);
        var sessions = core.Get<ConsoleSessions>();
        var anna = await UserAsync(core, "anna");
        var (here, there) = (await SignInAsync(core, anna), await SignInAsync(core, anna));
        var lost = false;
        using var watch = sessions.Watch(there, () => lost = true);

        Assert.Empty((await core.Get<UserAdministration>().ChangeOwnPasswordAsync(anna, Password, "another long one")).Errors);
        var after = await SignInAsync(core, anna, current: here);

        Assert.Equal(here, after);
        Assert.Equal((SessionState.Live, SessionState.Ended, true), (await sessions.StateAsync(here), await sessions.StateAsync(there), lost));
        Assert.Equal([here], (await sessions.ListAsync(anna)).Value.Select(s => s.Id));
    }

    [Theory, DatabaseData]
    public async Task User_Disabled_OrResetByAnAdministrator_HasNoSessionAnyMore(DatabaseProvider provider)
    {
        await using var core = await StartAsync(provider);
        var sessions = core.Get<ConsoleSessions>();
        var (anna, bob, eve) = (await UserAsync(core, "anna"), await UserAsync(core, "bob"), await UserAsync(core, "eve"));
        var (disabled, reset, deleted) = (await SignInAsync(core, anna), await SignInAsync(core, bob), await SignInAsync(core, eve));

        await core.Get<UserAdministration>().SetDisabledAsync(anna, disabled: true, Caller.System);
        await core.Get<UserAdministration>().ResetPasswordAsync(bob, Caller.System);
        await core.Get<UserAdministration>().DeleteAsync(eve, Caller.System);

        Assert.Empty((await sessions.CountAsync(Caller.System)).Value);
        clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var session in (Guid[])[disabled, reset, deleted]) Assert.Equal(SessionState.Ended, await sessions.StateAsync(session));
    }

    [Theory, DatabaseData]
    public async Task Session_IsAskedOfTheDatabaseOnceAMinute_AndWrittenAsSeenEveryFive(DatabaseProvider provider)
    {
        await using var core = await StartAsync(provider);
        var sessions = core.Get<ConsoleSessions>();
        var anna = await UserAsync(core, "anna");
        var session = await SignInAsync(core, anna);
        var start = clock.GetUtcNow();

        clock.Advance(TimeSpan.FromMinutes(4));
        await sessions.StateAsync(session, "198.51.100.7");
        Assert.Equal((start, "192.0.2.1"), await SeenAsync(sessions, anna));
        clock.Advance(TimeSpan.FromMinutes(1));
        await sessions.StateAsync(session, "198.51.100.7");
        Assert.Equal((start.AddMinutes(5), "198.51.100.7"), await SeenAsync(sessions, anna));
        clock.Advance(TimeSpan.FromMinutes(6));
        await sessions.StateAsync(session);
        Assert.Equal((start.AddMinutes(11), "198.51.100.7"), await SeenAsync(sessions, anna));

        // Another process ends it.
        await WithRowsAsync(core, rows => rows.ExecuteDeleteAsync());
        var told = false;
        using var watch = sessions.Watch(session, () => told = true);
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(SessionState.Live, await sessions.StateAsync(session));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((SessionState.Ended, true), (await sessions.StateAsync(session), told));
    }

    [Theory, DatabaseData]
    public async Task Session_UnusedForTheLifeOfACookie_IsEnded_AndItsRowPurgedAtTheNextSignIn(DatabaseProvider provider)
    {
        await using var core = await StartAsync(provider);
        var sessions = core.Get<ConsoleSessions>();
        var (anna, bob) = (await UserAsync(core, "anna"), await UserAsync(core, "bob"));
        var old = await SignInAsync(core, anna);

        clock.Advance(ConsoleSessions.Life + TimeSpan.FromMinutes(6));
        Assert.Equal(SessionState.Ended, await sessions.StateAsync(old));
        Assert.Empty((await sessions.ListAsync(anna)).Value);
        Assert.Equal(1, await WithRowsAsync(core, rows => rows.CountAsync()));
        var fresh = await SignInAsync(core, bob);

        Assert.Equal(fresh, Assert.Single(await WithRowsAsync(core, rows => rows.Select(r => r.Id).ToListAsync())));
    }

    [Theory, DatabaseData]
    public async Task SignOut_AndTheSignInOfSomebodyElse_EndTheBrowsersSession_WithoutAudit(DatabaseProvider provider)
    {
        await using var core = await StartAsync(provider);
        var sessions = core.Get<ConsoleSessions>();
        var (anna, bob) = (await UserAsync(core, "anna"), await UserAsync(core, "bob"));
        var lines = (await core.Configuration.ChangesAsync(null, 50)).Count;
        var (first, second) = (await SignInAsync(core, anna), await SignInAsync(core, anna));

        await sessions.SignedOutAsync(first);
        var third = await SignInAsync(core, bob, current: second);

        Assert.NotEqual(second, third);
        Assert.Equal(third, Assert.Single(await WithRowsAsync(core, rows => rows.Select(r => r.Id).ToListAsync())));
        Assert.Equal((SessionState.Ended, SessionState.Ended), (await sessions.StateAsync(first), await sessions.StateAsync(second)));
        Assert.Equal(lines, (await core.Configuration.ChangesAsync(null, 50)).Count);
    }

    [Fact]
    public async Task DatabaseAway_NobodyIsSignedOut_ButWhoWasStaysSo()
    {
        await using var core = await StartAsync(DatabaseProvider.Sqlite);
        var sessions = core.Get<ConsoleSessions>();
        var anna = await UserAsync(core, "anna");
        var (open, ended, left) = (await SignInAsync(core, anna), await SignInAsync(core, anna), await SignInAsync(core, anna));
        await sessions.EndAsync(anna, ended, As("anna"));
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Move(core.SqliteFile, core.SqliteFile + ".away");
        Directory.CreateDirectory(core.SqliteFile);

        await sessions.SignedOutAsync(left);
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(SessionState.Unknown, await sessions.StateAsync(open));
        Assert.Equal(SessionState.Unknown, await sessions.StateAsync(Guid.NewGuid()));
        Assert.Equal(SessionState.Ended, await sessions.StateAsync(ended));
        Assert.Equal(SessionState.Ended, await sessions.StateAsync(left));
        Assert.Equal("database-unavailable", (await sessions.ListAsync(anna)).Errors[0].Code);
    }

    [Theory]
    [InlineData(Firefox, "Firefox, Windows")]
    [InlineData(Safari, "Safari, iPhone")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome, Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari, macOS")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet, Android")]
    [InlineData("curl/8.5.0", "")]
    [InlineData(null, "")]
    public void BrowserNames_OfAUserAgent_IsWhatPeopleCallIt(string? userAgent, string name) => Assert.Equal(name, BrowserNames.Of(userAgent));

    private static Caller As(string name) => new(new Actor($"{name}@example.com", ChangeSource.Console), Roles.PermissionsOf(Roles.User));

    private static (int, int) Counts(IReadOnlyDictionary<Guid, int> counts, Guid first, Guid second) => (counts.GetValueOrDefault(first), counts.GetValueOrDefault(second));

    private static async Task<(DateTimeOffset At, string Address)> SeenAsync(ConsoleSessions sessions, Guid user)
    {
        var session = Assert.Single((await sessions.ListAsync(user)).Value);
        return (session.SeenAt, session.Address);
    }

    private static async Task<Guid> UserAsync(TestCore core, string name) =>
        (await core.Get<UserAdministration>().CreateAsync(new($"{name}@example.com", name, Roles.User), Password, Caller.System)).Value.User.Id;

    private static async Task<Guid> SignInAsync(TestCore core, Guid user, Guid? current = null, string userAgent = Firefox, string address = "192.0.2.1")
    {
        await using var scope = core.Get<IServiceScopeFactory>().CreateAsyncScope();
        var stamp = await scope.ServiceProvider.GetRequiredService<PbxDbContext>().Users.Where(u => u.Id == user).Select(u => u.SecurityStamp).SingleAsync();
        return await core.Get<ConsoleSessions>().StartAsync(user, stamp!, current, userAgent, address);
    }

    private static async Task<T> WithRowsAsync<T>(TestCore core, Func<DbSet<ConsoleSessionRow>, Task<T>> action)
    {
        await using var scope = core.Get<IServiceScopeFactory>().CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<PbxDbContext>().Set<ConsoleSessionRow>());
    }

    private Task<TestCore> StartAsync(DatabaseProvider provider) => TestCore.StartAsync(provider, more: s => s.AddSingleton<TimeProvider>(clock));
}
