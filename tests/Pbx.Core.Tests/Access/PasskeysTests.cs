using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;

namespace Pbx.Core.Tests.Access;

public sealed class PasskeysTests
{
    private const string Password = "a long enough one";

    [Theory, DatabaseData]
    public async Task Passkey_AddedAndRemoved_IsListedWithNameAndHost_AndAudited(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var (anna, bob) = (await UserAsync(core, "anna"), await UserAsync(core, "bob"));
        var keys = core.Get<Passkeys>();

        Assert.Equal(new PasskeyAccount("anna@example.com", "anna"), (await keys.BeginAsync(anna, "Phone", Password)).Value);
        Assert.True((await keys.AddAsync(anna, Made(1), " Phone ")).Value);
        Assert.True((await keys.AddAsync(anna, Made(2), "Key")).Value);

        var listed = (await keys.ListAsync(anna)).Value;
        Assert.Equal([("Key", "pbx.example.com"), ("Phone", "pbx.example.com")], listed.Select(k => (k.Name, k.Host)));
        Assert.False((await keys.RemoveAsync(bob, listed[0].Id)).Value, "somebody else's");
        Assert.Equal(2, (await keys.CountAsync(Caller.System)).Value[anna]);
        Assert.True((await keys.RemoveAsync(anna, listed[0].Id)).Value);
        Assert.False((await keys.RemoveAsync(anna, listed[0].Id)).Value);
        Assert.Equal("Phone", Assert.Single((await keys.ListAsync(anna)).Value).Name);
        var lines = (await core.Configuration.ChangesAsync(null, 3)).Reverse().ToList();
        Assert.All(lines, line => Assert.Equal(("user:anna@example.com", "anna@example.com"), (line.Subject, line.Actor.Name)));
        Assert.Equal(["""{"passkeys":["Phone"]}""", """{"passkeys":["Key","Phone"]}""", """{"passkeys":["Phone"]}"""], lines.Select(line => line.After?.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)));
    }

    [Theory, DatabaseData]
    public async Task Passkey_WithoutPasswordOrName_OrBeyondTen_IsRefused(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var anna = await UserAsync(core, "anna");
        var keys = core.Get<Passkeys>();

        Assert.Equal("name-missing", (await keys.BeginAsync(anna, " ", Password)).Errors[0].Code);
        Assert.Equal("name-too-long", (await keys.BeginAsync(anna, new string('x', 201), Password)).Errors[0].Code);
        Assert.Equal("password-wrong", (await keys.BeginAsync(anna, "Phone", "not the password")).Errors[0].Code);
        for (byte number = 0; number < Passkeys.Most; number++) Assert.Empty((await keys.AddAsync(anna, Made(number), $"Key {number}")).Errors);
        Assert.Equal("passkeys-full", (await keys.BeginAsync(anna, "Phone", Password)).Errors[0].Code);
        Assert.Equal("passkeys-full", (await keys.AddAsync(anna, Made(99), "Phone")).Errors[0].Code);
    }

    [Fact]
    public async Task Password_TriedTooOftenToAddOne_IsNotJudgedAnyMore()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        var anna = await UserAsync(core, "anna");

        for (var tries = 0; tries < 10; tries++) await core.Get<Passkeys>().BeginAsync(anna, "Phone", "not the password");

        Assert.Equal("too-many-tries", (await core.Get<Passkeys>().BeginAsync(anna, "Phone", Password)).Errors[0].Code);
    }

    [Theory, DatabaseData]
    public async Task SecondFactor_ResetByAnAdministrator_RemovesThePasskeysToo_AndEndsTheSessions(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var anna = await UserAsync(core, "anna");
        await core.Get<Passkeys>().AddAsync(anna, Made(1), "Phone");
        var session = await core.Get<ConsoleSessions>().StartAsync(anna, await StampAsync(core, anna), null, null, "192.0.2.1");

        Assert.Equal("forbidden", (await core.Get<Passkeys>().CountAsync(new Caller(TestCore.Tester, new HashSet<Permission>()))).Errors[0].Code);
        Assert.True((await core.Get<SecondFactor>().ResetAsync(anna, Caller.System)).Value);

        Assert.Empty((await core.Get<Passkeys>().ListAsync(anna)).Value);
        Assert.Empty((await core.Get<ConsoleSessions>().ListAsync(anna)).Value);
        Assert.Equal("""{"passkeys":[]}""", (await core.Configuration.ChangesAsync(null, 1))[0].After?.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Assert.False((await core.Get<SecondFactor>().ResetAsync(anna, Caller.System)).Value, "there was neither");
        Assert.NotEqual(Guid.Empty, session);
    }

    private static UserPasskeyInfo Made(byte number) => new([number, 2, 3], [4], DateTimeOffset.UnixEpoch.AddDays(number), 0, ["internal"], true, false, false, [5],
        Encoding.UTF8.GetBytes("""{"type":"webauthn.create","challenge":"AA","origin":"https://pbx.example.com:8443"}"""));

    private static async Task<Guid> UserAsync(TestCore core, string name) =>
        (await core.Get<UserAdministration>().CreateAsync(new($"{name}@example.com", name, Roles.Administrator), Password, Caller.System)).Value.User.Id;

    private static async Task<string> StampAsync(TestCore core, Guid user)
    {
        await using var scope = core.Get<IServiceScopeFactory>().CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>().FindByIdAsync(user.ToString()))!.SecurityStamp!;
    }
}
