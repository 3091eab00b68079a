using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Sites;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Access;

public sealed class AccessTests
{
    private const string Password = "a long enough one";

    private static readonly UserData Anna = new("anna@example.com", "Anna", Roles.Administrator);

    [Theory, DatabaseData]
    public async Task Setup_WithTheCodeOfThisStart_MakesTheFirstAdministrator_Once(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var setup = core.Get<SystemSetup>();
        var file = new FileInfo(Path.Combine(core.Folder.FullName, "setup-code"));
        Assert.Equal(setup.Code, (await File.ReadAllTextAsync(file.FullName)).Trim());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        Assert.Matches("^[A-Z2-7]{10}$", setup.Code);

        var wrong = await setup.ClaimAsync("AAAAAAAAAA", Anna, Password);
        var weak = await setup.ClaimAsync(setup.Code, Anna, "short");
        var claimed = await setup.ClaimAsync(setup.Code.ToLowerInvariant(), Anna, Password);
        var again = await setup.ClaimAsync(setup.Code, Anna with { Email = "eve@example.com" }, Password);

        Assert.Equal("setup-code-wrong", wrong.Errors[0].Code);
        Assert.Equal("password-weak", weak.Errors[0].Code);
        Assert.Equal((Roles.Administrator, false), (claimed.Value.Role, claimed.Value.MustChangePassword));
        Assert.Equal("already-claimed", again.Errors[0].Code);
        Assert.False(File.Exists(file.FullName));
        var code = setup.Code;
        await core.StopAsync();
        await core.StartAsync();
        Assert.True(await core.Get<SystemSetup>().IsClaimedAsync());
        Assert.NotEqual(code, core.Get<SystemSetup>().Code);
    }

    [Fact]
    public async Task Setup_AfterFiveWrongCodes_RefusesEvenTheRightOne_ForAMinute()
    {
        var clock = new FakeClock();
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite, more: s => s.AddSingleton<TimeProvider>(clock));
        var setup = core.Get<SystemSetup>();

        for (var i = 0; i < 5; i++) await setup.ClaimAsync("WRONG", Anna, Password);
        var tooMany = await setup.ClaimAsync(setup.Code, Anna, Password);
        clock.Advance(TimeSpan.FromMinutes(1));
        var later = await setup.ClaimAsync(setup.Code, Anna, Password);

        Assert.Equal("too-many-tries", tooMany.Errors[0].Code);
        Assert.Empty(later.Errors);
    }

    [Theory, DatabaseData]
    public async Task Setup_Unattended_MakesTheAdministratorWhoMustChangeThePassword(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider,
            o => o with { SetupAdminEmail = "root@example.com", SetupAdminPassword = new Secret(Password) });

        var users = (await core.Get<UserAdministration>().ListAsync(Caller.System)).Value;

        Assert.Equal(("root@example.com", Roles.Administrator, true), (users[0].Email, users[0].Role, users[0].MustChangePassword));
        Assert.False(File.Exists(Path.Combine(core.Folder.FullName, "setup-code")));
    }

    [Theory, DatabaseData]
    public async Task UsersAndTokens_AreAudited_WithoutSecrets(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var users = core.Get<UserAdministration>();
        var tokens = core.Get<ApiTokens>();

        var bob = (await users.CreateAsync(new UserData("bob@example.com", "Bob", Roles.User), Password, Caller.System)).Value.User.Id;
        await users.UpdateAsync(bob, new UserData("bob@example.com", "Bob", Roles.Receptionist), Caller.System);
        await users.UpdateAsync(bob, new UserData("bob@example.com", "Bob", Roles.Receptionist), Caller.System);
        await users.SetDisabledAsync(bob, disabled: true, Caller.System);
        var reset = (await users.ResetPasswordAsync(bob, Caller.System)).Value.GeneratedPassword!.Reveal();
        await users.ChangeOwnPasswordAsync(bob, "wrong one, really", "another long one");
        await users.ChangeOwnPasswordAsync(bob, reset, "another long one");
        await users.DeleteAsync(bob, Caller.System);
        await users.CreateAsync(new UserData("not an address", "X", Roles.User), Password, Caller.System);
        var token = (await tokens.CreateAsync("export", Roles.Administrator, null, Caller.System)).Value;
        await tokens.RevokeAsync(token.Token.Id, Caller.System);

        var lines = (await core.Configuration.ChangesAsync(null, 50)).Reverse().ToList();
        Assert.Equal(
            ["user:bob@example.com", "user:bob@example.com", "user:bob@example.com", "user:bob@example.com", "user:bob@example.com", "user:bob@example.com", "token:export", "token:export"],
            lines.Select(line => line.Subject));
        Assert.Equal([null, "user", "receptionist", "receptionist", "receptionist", "receptionist"], lines.Take(6).Select(line => RoleIn(line.Before)));
        Assert.Equal(["system", "bob@example.com"], lines.Skip(3).Take(2).Select(line => line.Actor.Name));
        Assert.Equal((true, false, true), (lines[6].Before is null, lines[7].Before is null, lines[7].After is null));
        Assert.DoesNotContain(lines, line => $"{line.Before}{line.After}".Contains(reset, StringComparison.Ordinal)
            || $"{line.Before}{line.After}".Contains(token.Text.Reveal(), StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Null(line.ConfigObject));
    }

    private static string? RoleIn(string? state) => state is null ? null : (string?)System.Text.Json.Nodes.JsonNode.Parse(state)!["role"];

    [Theory, DatabaseData]
    public async Task Users_AreCreatedChangedDisabledAndReset(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site()), Put(Extension())], TestCore.Tester);
        var users = core.Get<UserAdministration>();
        var anna = (await users.CreateAsync(Anna, Password, Caller.System)).Value.User;

        var created = await users.CreateAsync(new UserData("bob@example.com", "Bob", Roles.User, "e101", "fr"), null, Caller.System);
        var twice = await users.CreateAsync(new UserData("BOB@example.com", "Bob", Roles.User), Password, Caller.System);
        var wrong = await users.CreateAsync(new UserData("nobody", "Bob", "king", "e999"), Password, Caller.System);
        var bob = created.Value.User;
        Assert.True(bob.MustChangePassword);
        Assert.Equal("email-taken", twice.Errors[0].Code);
        Assert.Equal(["email-invalid", "extension-unknown", "role-unknown"], wrong.Errors.Select(e => e.Code).Order(StringComparer.Ordinal));

        var changed = await users.ChangeOwnPasswordAsync(bob.Id, created.Value.GeneratedPassword!.Reveal(), "another long one");
        Assert.Empty(changed.Errors);
        var promoted = await users.UpdateAsync(bob.Id, new UserData("bob@example.com", "Robert", Roles.Receptionist, "e101", "en"), Caller.System);
        Assert.Equal(("Robert", Roles.Receptionist, "e101", false), (promoted.Value.DisplayName, promoted.Value.Role, promoted.Value.Extension, promoted.Value.MustChangePassword));

        Assert.Equal("last-administrator", (await users.SetDisabledAsync(anna.Id, true, Caller.System)).Errors[0].Code);
        Assert.Equal("last-administrator", (await users.DeleteAsync(anna.Id, Caller.System)).Errors[0].Code);
        Assert.Equal("last-administrator", (await users.UpdateAsync(anna.Id, Anna with { Role = Roles.User }, Caller.System)).Errors[0].Code);
        Assert.True((await users.SetDisabledAsync(bob.Id, true, Caller.System)).Value.Disabled);
        Assert.NotNull((await users.ResetPasswordAsync(bob.Id, Caller.System)).Value.GeneratedPassword);
        Assert.Empty((await users.SetPreferencesAsync(bob.Id, "fr", "dark")).Errors);

        // A deleted extension leaves its person.
        Assert.Empty((await core.Configuration.ApplyAsync([Remove(core.Configuration.Current.Extensions["e101"])], TestCore.Tester)).Errors);
        var left = (await users.ListAsync(Caller.System)).Value.Single(u => u.Id == bob.Id);
        Assert.Equal((null, "dark", true), (left.Extension, left.Theme, left.Disabled));
    }

    [Theory, DatabaseData]
    public async Task Ticket_HoldsRoleAndExtension_AndADisabledUserIsNotConfirmed(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site()), Put(Extension())], TestCore.Tester);
        var made = await core.Get<UserAdministration>().CreateAsync(new UserData("bob@example.com", "Bob", Roles.Receptionist, "e101", "fr"), Password, Caller.System);
        await using var scope = core.Get<IServiceScopeFactory>().CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>().FindByIdAsync(made.Value.User.Id.ToString()))!;

        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<PbxUser>>().CreateAsync(user);
        var caller = Caller.From(principal, ChangeSource.Console);

        Assert.Equal(("bob@example.com", "e101"), (caller.Actor.Name, caller.Extension));
        Assert.True(caller.May(Permission.SwitchClosures));
        Assert.False(caller.May(Permission.ChangeConfiguration));
        Assert.Equal("Bob", principal.FindFirstValue(ClaimTypes.GivenName));
        var confirmation = scope.ServiceProvider.GetRequiredService<IUserConfirmation<PbxUser>>();
        Assert.True(await confirmation.IsConfirmedAsync(null!, user));
        user.Disabled = true;
        Assert.False(await confirmation.IsConfirmedAsync(null!, user));
    }

    [Theory, DatabaseData]
    public async Task Token_IsShownOnce_SpeaksForItsRole_UntilRevokedOrExpired(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var tokens = core.Get<ApiTokens>();
        var now = core.Get<TimeProvider>().GetUtcNow();

        var created = (await tokens.CreateAsync("deploy", Roles.Administrator, null, Caller.System)).Value;
        var expired = (await tokens.CreateAsync("old", Roles.User, now.AddSeconds(-1), Caller.System)).Value;

        var caller = (await tokens.VerifyAsync(created.Text.Reveal())).Value;
        Assert.Equal(new Actor("deploy", ChangeSource.Api), caller!.Actor);
        Assert.True(caller.May(Permission.ChangeConfiguration));
        Assert.Null((await tokens.VerifyAsync(expired.Text.Reveal())).Value);
        Assert.Null((await tokens.VerifyAsync(created.Text.Reveal() + "x")).Value);
        Assert.Null((await tokens.VerifyAsync("Basic nonsense")).Value);
        Assert.Equal(["old", "deploy"], (await tokens.ListAsync(Caller.System)).Value.Select(t => t.Name));
        Assert.True((await tokens.RevokeAsync(created.Token.Id, Caller.System)).Value);
        Assert.Null((await tokens.VerifyAsync(created.Text.Reveal())).Value);
    }

    [Fact]
    public async Task Token_SeenBefore_IsKnownWhileTheDatabaseIsAway_OfOthersNothingIsSaid()
    {
        var clock = new FakeClock();
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite, more: s => s.AddSingleton<TimeProvider>(clock));
        var tokens = core.Get<ApiTokens>();
        var seen = (await tokens.CreateAsync("seen", Roles.User, null, Caller.System)).Value.Text.Reveal();
        var unseen = (await tokens.CreateAsync("unseen", Roles.User, null, Caller.System)).Value.Text.Reveal();
        Assert.NotNull((await tokens.VerifyAsync(seen)).Value);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Move(core.SqliteFile, core.SqliteFile + ".away");
        Directory.CreateDirectory(core.SqliteFile);

        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.NotNull((await tokens.VerifyAsync(seen)).Value);
        Assert.Equal("database-unavailable", (await tokens.VerifyAsync(unseen)).Errors[0].Code);
    }

    [Fact]
    public async Task Services_RefuseWhoMayNot()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        var receptionist = new Caller(new Actor("rita", ChangeSource.Console), Roles.PermissionsOf(Roles.Receptionist));
        var user = new Caller(new Actor("udo", ChangeSource.Console), Roles.PermissionsOf(Roles.User), "e101");
        await core.Configuration.ApplyAsync([Put(Site()), Put(Extension()), Put(Extension("102"))], TestCore.Tester);
        var configuration = core.Get<AuthorisedConfiguration>();

        Assert.Equal("forbidden", (await configuration.ApplyAsync([Put(Site("lyon"))], receptionist)).Errors[0].Code);
        Assert.Equal("forbidden", (await configuration.SwitchClosureAsync("paris", true, null, user)).Errors[0].Code);
        Assert.Equal("forbidden", (await configuration.SwitchAgentAsync("e102", null, true, user)).Errors[0].Code);
        Assert.Equal("forbidden", (await core.Get<UserAdministration>().ListAsync(receptionist)).Errors[0].Code);
        Assert.Equal("forbidden", (await core.Get<ApiTokens>().ListAsync(receptionist)).Errors[0].Code);
        Assert.Equal("forbidden", (await configuration.SwitchDoNotDisturbAsync("e102", true, user)).Errors[0].Code);
        Assert.True((await configuration.SwitchDoNotDisturbAsync("e101", true, user)).Value.Extensions["e101"].DoNotDisturb);
        Assert.Equal("not-found", (await configuration.SwitchDoNotDisturbAsync("e999", true, receptionist)).Errors[0].Code);
        Assert.Empty((await configuration.SwitchAgentAsync("e101", null, true, user)).Errors);
        Assert.Empty((await configuration.SwitchClosureAsync("paris", true, null, receptionist)).Errors);
        Assert.Empty((await configuration.ApplyAsync([Put(new ClosureSwitch { Key = "paris", Version = core.Configuration.Current.Closures["paris"].Version })], receptionist)).Errors);
    }
}
