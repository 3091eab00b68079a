using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>A user as lists show it.</summary>
public sealed record UserInfo(Guid Id, string Email, string DisplayName, string Role, string? Extension, string? Language, string? Theme,
    bool Disabled, bool LockedOut, bool MustChangePassword, bool SecondFactor);

/// <summary>What is known of a user to be created or changed.</summary>
/// <param name="Email">E-mail address, also the name to sign in with.</param>
/// <param name="DisplayName">The name shown to people.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Extension">Key of its own extension, or null.</param>
/// <param name="Language">Language of the console, or null.</param>
public sealed record UserData(string Email, string DisplayName, string Role, string? Extension = null, string? Language = null);

/// <summary>A user and its password, when one was generated: shown once.</summary>
public sealed record CreatedUser(UserInfo User, Secret? GeneratedPassword);

/// <summary>
/// Users and what administrators do with them. Errors: <c>forbidden</c>, <c>email-taken</c>, <c>email-invalid</c>, <c>password-weak</c>,
/// <c>password-wrong</c>, <c>role-unknown</c>, <c>extension-unknown</c>, <c>not-found</c>, <c>last-administrator</c>, <c>conflict</c>,
/// <c>database-unavailable</c>.
/// </summary>
public sealed class UserAdministration(IServiceScopeFactory scopes, ISnapshotSource configuration, TimeProvider time)
{
    private const string PasswordCharacters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int GeneratedLength = 14;

    /// <summary>All users, by e-mail address.</summary>
    public Task<Result<IReadOnlyList<UserInfo>>> ListAsync(Caller caller, CancellationToken cancellationToken = default) =>
        WithUsers(caller.Refuse(Permission.ManageUsers), async (users, _) =>
        {
            Dictionary<Guid, string> roles = [];
            foreach (var role in Roles.All.Reverse())
            {
                foreach (var member in await users.GetUsersInRoleAsync(role)) roles[member.Id] = role;
            }
            var all = await users.Users.AsNoTracking().OrderBy(u => u.NormalizedEmail).ToListAsync(cancellationToken);
            return Result<IReadOnlyList<UserInfo>>.Ok([.. all.Select(user => Info(user, roles.GetValueOrDefault(user.Id, Roles.User)))]);
        });

    /// <summary>Creates a user. Without a password one is generated, returned, and must be changed at the first sign-in.</summary>
    public Task<Result<CreatedUser>> CreateAsync(UserData data, string? password, Caller caller, CancellationToken cancellationToken = default) =>
        CreateAsync(data, password, mustChange: password is null, caller);

    /// <summary>Changes a user; the last enabled administrator stays one.</summary>
    public Task<Result<UserInfo>> UpdateAsync(Guid user, UserData data, Caller caller, CancellationToken cancellationToken = default) =>
        WithUser(user, caller, async (users, audit, found, role) =>
        {
            if (Check(data) is { Count: > 0 } mistakes) return Result<UserInfo>.Fail(mistakes);
            if (data.Role != role && await IsLastAdministratorAsync(users, found, role)) return LastAdministrator<UserInfo>();
            var before = State(found, role);
            var subject = Subject(found);
            found.UserName = found.Email = data.Email.Trim();
            (found.DisplayName, found.Extension, found.Language) = (data.DisplayName.Trim(), data.Extension, data.Language);
            audit.Add(caller.Actor, subject, before, State(found, data.Role));
            var updated = await users.UpdateAsync(found);
            if (updated.Succeeded && data.Role != role) updated = await ChangeRoleAsync(users, found, role, data.Role);
            return updated.Succeeded ? Result<UserInfo>.Ok(Info(found, data.Role)) : Result<UserInfo>.Fail(AccessErrors.From(updated));
        });

    /// <summary>Disables (its sessions end) or enables a user.</summary>
    public Task<Result<UserInfo>> SetDisabledAsync(Guid user, bool disabled, Caller caller, CancellationToken cancellationToken = default) =>
        WithUser(user, caller, async (users, audit, found, role) =>
        {
            if (disabled && await IsLastAdministratorAsync(users, found, role)) return LastAdministrator<UserInfo>();
            var before = State(found, role);
            found.Disabled = disabled;
            audit.Add(caller.Actor, Subject(found), before, State(found, role));
            var updated = await users.UpdateSecurityStampAsync(found);
            return updated.Succeeded ? Result<UserInfo>.Ok(Info(found, role)) : Result<UserInfo>.Fail(AccessErrors.From(updated));
        });

    /// <summary>Removes a user.</summary>
    public Task<Result<bool>> DeleteAsync(Guid user, Caller caller, CancellationToken cancellationToken = default) =>
        WithUser(user, caller, async (users, audit, found, role) =>
        {
            if (await IsLastAdministratorAsync(users, found, role)) return LastAdministrator<bool>();
            audit.Add(caller.Actor, Subject(found), State(found, role), null);
            var deleted = await users.DeleteAsync(found);
            return deleted.Succeeded ? Result<bool>.Ok(true) : Result<bool>.Fail(AccessErrors.From(deleted));
        });

    /// <summary>Gives a new generated password, which must be changed at the next sign-in, and lifts a lock-out; its sessions end.</summary>
    public Task<Result<CreatedUser>> ResetPasswordAsync(Guid user, Caller caller, CancellationToken cancellationToken = default) =>
        WithUser(user, caller, async (users, audit, found, role) =>
        {
            var password = NewPassword();
            found.MustChangePassword = true;
            found.LockoutEnd = null;
            found.AccessFailedCount = 0;
            audit.Add(caller.Actor, Subject(found), State(found, role), State(found, role, "reset"));
            found.PasswordHash = users.PasswordHasher.HashPassword(found, password);
            var updated = await users.UpdateSecurityStampAsync(found);
            return updated.Succeeded
                ? Result<CreatedUser>.Ok(new CreatedUser(Info(found, role), new Secret(password)))
                : Result<CreatedUser>.Fail(AccessErrors.From(updated));
        });

    /// <summary>The user with this e-mail address, for the command line that lets an administrator back in.</summary>
    public Task<Result<UserInfo>> FindAsync(string email, Caller caller, CancellationToken cancellationToken = default) =>
        WithUsers(caller.Refuse(Permission.ManageUsers), async (users, _) => await users.FindByEmailAsync(email) is { } found
            ? Result<UserInfo>.Ok(Info(found, await RoleAsync(users, found)))
            : NotFound<UserInfo>());

    /// <summary>A user changes its own password.</summary>
    public Task<Result<bool>> ChangeOwnPasswordAsync(Guid user, string current, string replacement, CancellationToken cancellationToken = default) =>
        WithUsers<bool>(null, async (users, audit) =>
        {
            if (await users.FindByIdAsync(user.ToString()) is not { } found) return NotFound<bool>();
            var role = await RoleAsync(users, found);
            audit.Add(new Actor(found.Email ?? "", ChangeSource.Console), Subject(found), State(found, role), State(found, role, "changed"));
            var changed = await users.ChangePasswordAsync(found, current, replacement);
            if (!changed.Succeeded) return Result<bool>.Fail(AccessErrors.From(changed));
            found.MustChangePassword = false;
            var updated = await users.UpdateAsync(found);
            return updated.Succeeded ? Result<bool>.Ok(true) : Result<bool>.Fail(AccessErrors.From(updated));
        });

    /// <summary>A user's own language and theme.</summary>
    public Task<Result<bool>> SetPreferencesAsync(Guid user, string? language, string? theme, CancellationToken cancellationToken = default) =>
        WithUsers<bool>(null, async (users, _) =>
        {
            if (await users.FindByIdAsync(user.ToString()) is not { } found) return NotFound<bool>();
            (found.Language, found.Theme) = (language, theme);
            var updated = await users.UpdateAsync(found);
            return updated.Succeeded ? Result<bool>.Ok(true) : Result<bool>.Fail(AccessErrors.From(updated));
        });

    /// <summary>Creates a user whose given password must, or must not, be changed at the first sign-in.</summary>
    internal Task<Result<CreatedUser>> CreateAsync(UserData data, string? password, bool mustChange, Caller caller) =>
        WithUsers(caller.Refuse(Permission.ManageUsers), async (users, audit) =>
        {
            if (Check(data) is { Count: > 0 } mistakes) return Result<CreatedUser>.Fail(mistakes);
            var generated = password is null ? new Secret(NewPassword()) : null;
            var user = new PbxUser
            {
                Id = Guid.CreateVersion7(), UserName = data.Email.Trim(), Email = data.Email.Trim(), DisplayName = data.DisplayName.Trim(),
                Extension = data.Extension, Language = data.Language, MustChangePassword = mustChange, LockoutEnabled = true,
            };
            audit.Add(caller.Actor, Subject(user), null, State(user, data.Role));
            var created = await users.CreateAsync(user, password ?? generated!.Reveal());
            if (created.Succeeded) created = await users.AddToRoleAsync(user, data.Role);
            return created.Succeeded
                ? Result<CreatedUser>.Ok(new CreatedUser(Info(user, data.Role), generated))
                : Result<CreatedUser>.Fail(AccessErrors.From(created));
        });

    /// <summary>True when an enabled administrator exists.</summary>
    internal async Task<bool> HasAdministratorAsync()
    {
        var result = await WithUsers<bool>(null, async (users, _) =>
            Result<bool>.Ok((await users.GetUsersInRoleAsync(Roles.Administrator)).Any(u => !u.Disabled)));
        return result.Succeeded ? result.Value : throw new StorageUnavailableException(result.Errors[0].Message);
    }

    private Task<Result<T>> WithUser<T>(Guid id, Caller caller, Func<UserManager<PbxUser>, IAccessAudit, PbxUser, string, Task<Result<T>>> action) =>
        WithUsers(caller.Refuse(Permission.ManageUsers), async (users, audit) => await users.FindByIdAsync(id.ToString()) is { } found
            ? await action(users, audit, found, await RoleAsync(users, found))
            : NotFound<T>());

    private Task<Result<T>> WithUsers<T>(PbxError? refusal, Func<UserManager<PbxUser>, IAccessAudit, Task<Result<T>>> action) =>
        refusal is not null ? Task.FromResult(Result<T>.Fail(refusal)) : AccessErrors.Guarded(async () =>
        {
            await using var scope = scopes.CreateAsyncScope();
            await EnsureRolesAsync(scope.ServiceProvider.GetRequiredService<RoleManager<PbxRole>>());
            return await action(scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>(), scope.ServiceProvider.GetRequiredService<IAccessAudit>());
        });

    private static async Task EnsureRolesAsync(RoleManager<PbxRole> roles)
    {
        foreach (var role in Roles.All)
        {
            if (!await roles.RoleExistsAsync(role)) await roles.CreateAsync(new PbxRole { Id = Guid.CreateVersion7(), Name = role });
        }
    }

    private List<PbxError> Check(UserData data)
    {
        List<PbxError> mistakes = [];
        if (!Roles.All.Contains(data.Role)) mistakes.Add(AccessErrors.RoleUnknown(data.Role));
        if (data.Extension is { } key && !configuration.Current.Extensions.ContainsKey(key))
        {
            mistakes.Add(new PbxError("extension-unknown", "extension", $"There is no extension '{key}'.", key));
        }
        if (!data.Email.Contains('@', StringComparison.Ordinal)) mistakes.Add(new PbxError("email-invalid", "email", "This is no e-mail address."));
        return mistakes;
    }

    private static async Task<IdentityResult> ChangeRoleAsync(UserManager<PbxUser> users, PbxUser user, string from, string to)
    {
        var added = await users.AddToRoleAsync(user, to);
        if (!added.Succeeded || !await users.IsInRoleAsync(user, from)) return added;
        var removed = await users.RemoveFromRoleAsync(user, from);
        // The ticket of a session holds the old role: let it be asked for anew.
        return removed.Succeeded ? await users.UpdateSecurityStampAsync(user) : removed;
    }

    private static async Task<bool> IsLastAdministratorAsync(UserManager<PbxUser> users, PbxUser user, string role) =>
        role == Roles.Administrator && !user.Disabled
        && (await users.GetUsersInRoleAsync(Roles.Administrator)).All(u => u.Id == user.Id || u.Disabled);

    private static async Task<string> RoleAsync(UserManager<PbxUser> users, PbxUser user)
    {
        var held = await users.GetRolesAsync(user);
        return Roles.All.FirstOrDefault(held.Contains) ?? Roles.User;
    }

    private UserInfo Info(PbxUser user, string role) => new(user.Id, user.Email ?? "", user.DisplayName, role, user.Extension, user.Language,
        user.Theme, user.Disabled, user.LockoutEnd > time.GetUtcNow(), user.MustChangePassword, user.TwoFactorEnabled);

    private static string Subject(PbxUser user) => $"user:{user.Email}";

    /// <summary>A user as the audit keeps it; of the password only what was done with it.</summary>
    private static object State(PbxUser user, string role, string? password = null) =>
        new { user.Email, user.DisplayName, role, user.Extension, user.Language, user.Disabled, password };

    private static string NewPassword() => RandomNumberGenerator.GetString(PasswordCharacters, GeneratedLength);

    private static Result<T> NotFound<T>() => Result<T>.Fail(new PbxError("not-found", "", "This user is no longer there."));

    private static Result<T> LastAdministrator<T>() =>
        Result<T>.Fail(new PbxError("last-administrator", "", "This is the last administrator: make another one first."));
}
