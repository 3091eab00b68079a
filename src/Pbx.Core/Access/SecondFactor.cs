using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>What an authenticator app must know.</summary>
/// <param name="Key">The key in base32, to be typed.</param>
/// <param name="Uri">The same as an <c>otpauth</c> address, to be shown as a QR code.</param>
public sealed record AuthenticatorKey(Secret Key, Secret Uri);

/// <summary>How a user's second factor stands.</summary>
/// <param name="On">It is asked for at each sign-in.</param>
/// <param name="RecoveryCodes">Recovery codes that are left.</param>
public sealed record SecondFactorState(bool On, int RecoveryCodes);

/// <summary>
/// A person's second factor besides the password: a code of an authenticator app, or one of ten recovery codes. Errors: <c>not-found</c>,
/// <c>code-wrong</c>, <c>password-wrong</c>, <c>already-on</c>, <c>too-many-tries</c>, <c>database-unavailable</c>.
/// </summary>
public sealed class SecondFactor(IServiceScopeFactory scopes)
{
    private const int RecoveryCodes = 10;
    private const string Issuer = "PBX";

    /// <summary>How it stands.</summary>
    public Task<Result<SecondFactorState>> StateAsync(Guid user) => WithUser(user, async (users, _, found) =>
        Result<SecondFactorState>.Ok(new(found.TwoFactorEnabled, found.TwoFactorEnabled ? await users.CountRecoveryCodesAsync(found) : 0)));

    /// <summary>A new key for an app, for whoever knows the password. It counts from <see cref="ConfirmAsync"/> on.</summary>
    public Task<Result<AuthenticatorKey>> BeginAsync(Guid user, string password) => WithUser(user, async (users, _, found) =>
    {
        if (found.TwoFactorEnabled) return AlreadyOn<AuthenticatorKey>();
        if (await PasswordProof.RefusalAsync(users, found, password) is { } refusal) return Result<AuthenticatorKey>.Fail(refusal);
        var reset = await users.ResetAuthenticatorKeyAsync(found);
        return reset.Succeeded ? await KeyAsync(users, found) : Result<AuthenticatorKey>.Fail(AccessErrors.From(reset));
    });

    /// <summary>The key that was given out and is not confirmed yet.</summary>
    public Task<Result<AuthenticatorKey>> PendingAsync(Guid user) => WithUser(user, (users, _, found) =>
        found.TwoFactorEnabled ? Task.FromResult(AlreadyOn<AuthenticatorKey>()) : KeyAsync(users, found));

    /// <summary>Turns it on when the app shows the right code, and gives the recovery codes, which are never shown again.</summary>
    public Task<Result<IReadOnlyList<Secret>>> ConfirmAsync(Guid user, string code) => WithUser(user, async (users, audit, found) =>
    {
        if (found.TwoFactorEnabled) return AlreadyOn<IReadOnlyList<Secret>>();
        var digits = new string([.. code.Where(char.IsAsciiDigit)]);
        if (!await users.VerifyTwoFactorTokenAsync(found, TokenOptions.DefaultAuthenticatorProvider, digits))
            return Result<IReadOnlyList<Secret>>.Fail(new PbxError("code-wrong", "code", "This code is wrong or too old. Enter the one that the app shows now."));
        audit.Add(new Actor(found.Email ?? "", ChangeSource.Console), $"user:{found.Email}", new { secondFactor = "off" }, new { secondFactor = "on" });
        var enabled = await users.SetTwoFactorEnabledAsync(found, true);
        if (!enabled.Succeeded) return Result<IReadOnlyList<Secret>>.Fail(AccessErrors.From(enabled));
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(found, RecoveryCodes) ?? [];
        return Result<IReadOnlyList<Secret>>.Ok([.. codes.Select(each => new Secret(each))]);
    });

    /// <summary>Turns it off for whoever knows the password.</summary>
    public Task<Result<bool>> TurnOffAsync(Guid user, string password) => WithUser(user, async (users, audit, found) =>
    {
        if (await PasswordProof.RefusalAsync(users, found, password) is { } refusal) return Result<bool>.Fail(refusal);
        return await TurnOffAsync(users, audit, found, new Actor(found.Email ?? "", ChangeSource.Console));
    });

    /// <summary>
    /// Turns it off, and removes the passkeys, for somebody who has lost them or whose devices are in wrong hands. Needs
    /// <see cref="Permission.ManageUsers"/>; the user's sessions end. False when there was neither.
    /// </summary>
    public Task<Result<bool>> ResetAsync(Guid user, Caller caller) => caller.Refuse(Permission.ManageUsers) is { } refusal
        ? Task.FromResult(Result<bool>.Fail(refusal))
        : WithUser(user, async (users, audit, found) =>
        {
            var passkeys = await Passkeys.RemoveAllAsync(users, audit, found, caller.Actor);
            if (!passkeys.Succeeded) return passkeys;
            var off = await TurnOffAsync(users, audit, found, caller.Actor);
            if (!off.Succeeded || off.Value || !passkeys.Value) return off;
            var ended = await users.UpdateSecurityStampAsync(found);
            return ended.Succeeded ? passkeys : Result<bool>.Fail(AccessErrors.From(ended));
        });

    private static async Task<Result<bool>> TurnOffAsync(UserManager<PbxUser> users, IAccessAudit audit, PbxUser found, Actor actor)
    {
        if (!found.TwoFactorEnabled) return Result<bool>.Ok(false);
        audit.Add(actor, $"user:{found.Email}", new { secondFactor = "on" }, new { secondFactor = "off" });
        var disabled = await users.SetTwoFactorEnabledAsync(found, false);
        if (disabled.Succeeded) disabled = await users.ResetAuthenticatorKeyAsync(found);
        return disabled.Succeeded ? Result<bool>.Ok(true) : Result<bool>.Fail(AccessErrors.From(disabled));
    }

    private static async Task<Result<AuthenticatorKey>> KeyAsync(UserManager<PbxUser> users, PbxUser user)
    {
        if (await users.GetAuthenticatorKeyAsync(user) is not { } key) return Result<AuthenticatorKey>.Fail(new PbxError("not-found", "", "There is no key yet."));
        var uri = $"otpauth://totp/{Uri.EscapeDataString(Issuer)}:{Uri.EscapeDataString(user.Email ?? "")}?secret={key}&issuer={Uri.EscapeDataString(Issuer)}&digits=6";
        return Result<AuthenticatorKey>.Ok(new(new Secret(key), new Secret(uri)));
    }

    private Task<Result<T>> WithUser<T>(Guid user, Func<UserManager<PbxUser>, IAccessAudit, PbxUser, Task<Result<T>>> action) => AccessErrors.Guarded(async () =>
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>();
        return await users.FindByIdAsync(user.ToString()) is { } found
            ? await action(users, scope.ServiceProvider.GetRequiredService<IAccessAudit>(), found)
            : Result<T>.Fail(new PbxError("not-found", "", "This user is no longer there."));
    });

    private static Result<T> AlreadyOn<T>() => Result<T>.Fail(new PbxError("already-on", "", "The second factor is on already."));
}
