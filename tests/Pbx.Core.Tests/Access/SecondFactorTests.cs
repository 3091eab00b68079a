using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Data;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;

namespace Pbx.Core.Tests.Access;

public sealed class SecondFactorTests
{
    private const string Password = "a long enough one";

    [Theory, DatabaseData]
    public async Task Factor_SetUp_IsOnAfterTheFirstRightCode_AndEachCodeIsGoodOnce(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var user = await UserAsync(core);
        var factor = core.Get<SecondFactor>();
        var key = (await factor.BeginAsync(user, Password)).Value;

        var wrong = await factor.ConfirmAsync(user, "000000");
        var code = Totp.Code(key.Key.Reveal());
        var recovery = await factor.ConfirmAsync(user, $"{code[..3]} {code[3..]}");
        var again = await factor.ConfirmAsync(user, code);

        Assert.Equal("code-wrong", wrong.Errors[0].Code);
        Assert.StartsWith($"otpauth://totp/PBX:anna%40example.com?secret={key.Key.Reveal()}", key.Uri.Reveal(), StringComparison.Ordinal);
        Assert.Equal(10, recovery.Value.Select(each => each.Reveal()).Distinct().Count());
        Assert.Equal("already-on", again.Errors[0].Code);
        Assert.Equal(new SecondFactorState(true, 10), (await factor.StateAsync(user)).Value);
        Assert.False(await VerifyAsync(core, user, code), "the code was used");
        Assert.True(await RedeemAsync(core, user, recovery.Value[3].Reveal()));
        Assert.False(await RedeemAsync(core, user, recovery.Value[3].Reveal()), "a recovery code is good once");
        Assert.Equal(9, (await factor.StateAsync(user)).Value.RecoveryCodes);
    }

    [Theory, DatabaseData]
    public async Task KeyAndRecoveryCodes_InTheDatabase_AreEncrypted(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var user = await UserAsync(core);
        var key = (await core.Get<SecondFactor>().BeginAsync(user, Password)).Value.Key.Reveal();
        var recovery = (await core.Get<SecondFactor>().ConfirmAsync(user, Totp.Code(key))).Value;

        await using var scope = core.Get<IServiceScopeFactory>().CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<PbxDbContext>().Set<IdentityUserToken<Guid>>().Select(token => token.Value!).ToListAsync();

        Assert.Equal(2, stored.Count);
        Assert.All(stored, text => Assert.StartsWith("CfDJ8", text, StringComparison.Ordinal));
        Assert.DoesNotContain(stored, text => text.Contains(key, StringComparison.Ordinal) || text.Contains(recovery[0].Reveal(), StringComparison.Ordinal));
    }

    [Theory, DatabaseData]
    public async Task Factor_TurnedOff_ByPasswordOrByAnAdministrator_IsOff_AndAudited(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var user = await UserAsync(core);
        var factor = core.Get<SecondFactor>();
        await TurnOnAsync(core, user);

        var wrong = await factor.TurnOffAsync(user, "not the password");
        Assert.Equal("password-wrong", wrong.Errors[0].Code);
        Assert.True((await factor.StateAsync(user)).Value.On);
        Assert.True((await factor.TurnOffAsync(user, Password)).Value);
        Assert.False((await factor.StateAsync(user)).Value.On);

        await TurnOnAsync(core, user);
        var person = await factor.ResetAsync(user, new Caller(TestCore.Tester, new HashSet<Permission>()));
        Assert.Equal("forbidden", person.Errors[0].Code);
        Assert.True((await factor.ResetAsync(user, Caller.System)).Value);
        Assert.False(Assert.Single((await core.Get<UserAdministration>().ListAsync(Caller.System)).Value).SecondFactor);
        Assert.Equal(4, (await core.Configuration.ChangesAsync(null, 50)).Count(line => $"{line.After}".Contains("secondFactor", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Password_TriedTooOftenToTurnItOff_IsNotJudgedAnyMore()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        var user = await UserAsync(core);
        await TurnOnAsync(core, user);

        for (var tries = 0; tries < 10; tries++) await core.Get<SecondFactor>().TurnOffAsync(user, "not the password");

        Assert.Equal("too-many-tries", (await core.Get<SecondFactor>().TurnOffAsync(user, Password)).Errors[0].Code);
        Assert.True((await core.Get<SecondFactor>().StateAsync(user)).Value.On);
    }

    [Fact]
    public async Task SetUp_WithoutThePassword_IsRefused_AndAfterTooManyTriesNotJudgedAnyMore()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        var user = await UserAsync(core);
        var factor = core.Get<SecondFactor>();

        var wrong = await factor.BeginAsync(user, "not the password");
        Assert.Equal("password-wrong", wrong.Errors[0].Code);
        Assert.Equal("not-found", (await factor.PendingAsync(user)).Errors[0].Code);

        for (var tries = 0; tries < 10; tries++) await factor.BeginAsync(user, "not the password");
        Assert.Equal("too-many-tries", (await factor.BeginAsync(user, Password)).Errors[0].Code);
    }

    [Fact]
    public void Code_UsedOnce_IsNotGoodAgain_UntilItCouldComeUpAnew()
    {
        var clock = new FakeClock();
        var codes = new SingleUseCodes(clock);
        var (anna, bruno) = (Guid.NewGuid(), Guid.NewGuid());

        Assert.True(codes.TryUse(anna, "123456"));
        Assert.False(codes.TryUse(anna, "123456"));
        Assert.True(codes.TryUse(bruno, "123456"));
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.True(codes.TryUse(anna, "123456"));
    }

    private static async Task<Guid> UserAsync(TestCore core) =>
        (await core.Get<UserAdministration>().CreateAsync(new("anna@example.com", "Anna", Roles.Administrator), Password, Caller.System)).Value.User.Id;

    private static async Task TurnOnAsync(TestCore core, Guid user)
    {
        var key = (await core.Get<SecondFactor>().BeginAsync(user, Password)).Value.Key.Reveal();
        Assert.Empty((await core.Get<SecondFactor>().ConfirmAsync(user, Totp.Code(key))).Errors);
    }

    private static async Task<bool> VerifyAsync(TestCore core, Guid user, string code)
    {
        await using var scope = core.Get<IServiceScopeFactory>().CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>();
        return await users.VerifyTwoFactorTokenAsync((await users.FindByIdAsync(user.ToString()))!, TokenOptions.DefaultAuthenticatorProvider, code);
    }

    private static async Task<bool> RedeemAsync(TestCore core, Guid user, string code)
    {
        await using var scope = core.Get<IServiceScopeFactory>().CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>();
        return (await users.RedeemTwoFactorRecoveryCodeAsync((await users.FindByIdAsync(user.ToString()))!, code)).Succeeded;
    }
}
