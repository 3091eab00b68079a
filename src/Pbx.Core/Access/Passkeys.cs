using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>A passkey as its user sees it.</summary>
/// <param name="Id">The credential's id, base64url.</param>
/// <param name="Name">What its user calls it.</param>
/// <param name="Host">The host name that it belongs to; empty when unknown.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record PasskeyInfo(string Id, string Name, string Host, DateTimeOffset CreatedAt);

/// <summary>
/// The passkeys (W3C Web Authentication) with which a person signs in instead of password and second factor. Errors: <c>not-found</c>,
/// <c>name-missing</c>, <c>name-too-long</c>, <c>password-wrong</c>, <c>too-many-tries</c>, <c>passkeys-full</c>, <c>forbidden</c>,
/// <c>database-unavailable</c>.
/// </summary>
public sealed class Passkeys(IServiceScopeFactory scopes, IPasskeyCounts counts)
{
    /// <summary>As many as a person may have.</summary>
    public const int Most = 10;

    private const int LongestName = 200;

    /// <summary>A user's passkeys, the newest first.</summary>
    public Task<Result<IReadOnlyList<PasskeyInfo>>> ListAsync(Guid user) => WithUser(user, async (users, _, found) =>
        Result<IReadOnlyList<PasskeyInfo>>.Ok([.. (await users.GetPasskeysAsync(found)).OrderByDescending(p => p.CreatedAt).Select(Info)]));

    /// <summary>How many passkeys each user has; those with none are not there. Needs <see cref="Permission.ManageUsers"/>.</summary>
    public Task<Result<IReadOnlyDictionary<Guid, int>>> CountAsync(Caller caller) => AccessErrors.Guarded(async () =>
        caller.Refuse(Permission.ManageUsers) is { } refusal
            ? Result<IReadOnlyDictionary<Guid, int>>.Fail(refusal)
            : Result<IReadOnlyDictionary<Guid, int>>.Ok(await counts.CountAsync()));

    /// <summary>Whether a user may add one of that name: whoever knows the password may. Returns what the device is to call the account.</summary>
    public Task<Result<PasskeyAccount>> BeginAsync(Guid user, string name, string password) => WithUser(user, async (users, _, found) =>
    {
        if (await MistakeAsync(users, found, name) is { } mistake) return Result<PasskeyAccount>.Fail(mistake);
        if (await PasswordProof.RefusalAsync(users, found, password) is { } refusal) return Result<PasskeyAccount>.Fail(refusal);
        return Result<PasskeyAccount>.Ok(new(found.Email ?? "", found.DisplayName.Length > 0 ? found.DisplayName : found.Email ?? ""));
    });

    /// <summary>Keeps a passkey that the user's device has made and that was checked.</summary>
    public Task<Result<bool>> AddAsync(Guid user, UserPasskeyInfo passkey, string name) => WithUser(user, async (users, audit, found) =>
    {
        if (await MistakeAsync(users, found, name) is { } mistake) return Result<bool>.Fail(mistake);
        passkey.Name = name.Trim();
        var before = await users.GetPasskeysAsync(found);
        audit.Add(Self(found), Subject(found), State(before), State([.. before, passkey]));
        var added = await users.AddOrUpdatePasskeyAsync(found, passkey);
        return added.Succeeded ? Result<bool>.Ok(true) : Result<bool>.Fail(AccessErrors.From(added));
    });

    /// <summary>Removes one of a user's passkeys; false when it is gone already.</summary>
    public Task<Result<bool>> RemoveAsync(Guid user, string passkey) => WithUser(user, async (users, audit, found) =>
    {
        var before = await users.GetPasskeysAsync(found);
        if (before.FirstOrDefault(p => IdOf(p) == passkey) is not { } going) return Result<bool>.Ok(false);
        audit.Add(Self(found), Subject(found), State(before), State(before.Where(p => p != going)));
        var removed = await users.RemovePasskeyAsync(found, going.CredentialId);
        return removed.Succeeded ? Result<bool>.Ok(true) : Result<bool>.Fail(AccessErrors.From(removed));
    });

    /// <summary>Removes all of a user's passkeys; false when there were none.</summary>
    internal static async Task<Result<bool>> RemoveAllAsync(UserManager<PbxUser> users, IAccessAudit audit, PbxUser user, Actor actor)
    {
        var before = await users.GetPasskeysAsync(user);
        if (before.Count == 0) return Result<bool>.Ok(false);
        audit.Add(actor, Subject(user), State(before), State([]));
        foreach (var passkey in before)
        {
            var removed = await users.RemovePasskeyAsync(user, passkey.CredentialId);
            if (!removed.Succeeded) return Result<bool>.Fail(AccessErrors.From(removed));
        }
        return Result<bool>.Ok(true);
    }

    private static async Task<PbxError?> MistakeAsync(UserManager<PbxUser> users, PbxUser user, string name)
    {
        if (string.IsNullOrWhiteSpace(name)) return new PbxError("name-missing", "name", "Give the passkey a name.");
        if (name.Trim().Length > LongestName) return new PbxError("name-too-long", "name", $"A name has at most {LongestName} characters.");
        return (await users.GetPasskeysAsync(user)).Count < Most
            ? null
            : new PbxError("passkeys-full", "", $"There are {Most} passkeys already: remove one first.", $"{Most}");
    }

    private static PasskeyInfo Info(UserPasskeyInfo passkey) => new(IdOf(passkey), passkey.Name ?? "", HostOf(passkey), passkey.CreatedAt);

    private static string IdOf(UserPasskeyInfo passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    /// <summary>The host of the page that made it: Web Authentication section 5.8.1, member <c>origin</c>.</summary>
    private static string HostOf(UserPasskeyInfo passkey)
    {
        try
        {
            using var data = JsonDocument.Parse(passkey.ClientDataJson);
            return Uri.TryCreate(data.RootElement.GetProperty("origin").GetString(), UriKind.Absolute, out var origin) ? origin.Host : "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }

    private static Actor Self(PbxUser user) => new(user.Email ?? "", ChangeSource.Console);

    private static string Subject(PbxUser user) => $"user:{user.Email}";

    private static object State(IEnumerable<UserPasskeyInfo> passkeys) => new { passkeys = passkeys.Select(p => p.Name ?? "").Order(StringComparer.Ordinal).ToList() };

    private Task<Result<T>> WithUser<T>(Guid user, Func<UserManager<PbxUser>, IAccessAudit, PbxUser, Task<Result<T>>> action) => AccessErrors.Guarded(async () =>
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>();
        return await users.FindByIdAsync(user.ToString()) is { } found
            ? await action(users, scope.ServiceProvider.GetRequiredService<IAccessAudit>(), found)
            : Result<T>.Fail(new PbxError("not-found", "", "This user is no longer there."));
    });
}

/// <summary>The names under which a device keeps a passkey.</summary>
/// <param name="Name">The e-mail address.</param>
/// <param name="DisplayName">The name shown to people.</param>
public sealed record PasskeyAccount(string Name, string DisplayName);

/// <summary>Counts passkeys in the database.</summary>
public interface IPasskeyCounts
{
    /// <summary>How many each user has; those with none are not there.</summary>
    Task<IReadOnlyDictionary<Guid, int>> CountAsync();
}
