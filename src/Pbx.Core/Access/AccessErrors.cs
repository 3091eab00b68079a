using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>What the services of this room answer when something cannot be done.</summary>
internal static class AccessErrors
{
    /// <summary>No role of that name.</summary>
    public static PbxError RoleUnknown(string role) =>
        new("role-unknown", "role", $"'{role}' is no role: use {string.Join(", ", Roles.All)}.", role);

    /// <summary>What Identity refused, in our words.</summary>
    public static IReadOnlyList<PbxError> From(IdentityResult result) =>
        [.. result.Errors.Select(From).DistinctBy(e => (e.Code, e.Message))];

    /// <summary>Does something that needs the database; the error <c>database-unavailable</c> when it is away.</summary>
    public static async Task<Result<T>> Guarded<T>(Func<Task<Result<T>>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is StorageUnavailableException or DbException or TimeoutException || e.InnerException is DbException)
        {
            return Result<T>.Fail(new PbxError("database-unavailable", "", "The database cannot be reached now. Try again when it is back."));
        }
    }

    private static PbxError From(IdentityError error) => error.Code switch
    {
        "DuplicateEmail" or "DuplicateUserName" => new("email-taken", "email", "There is already a user with this e-mail address."),
        "InvalidEmail" or "InvalidUserName" => new("email-invalid", "email", "This is no e-mail address."),
        "PasswordMismatch" => new("password-wrong", "password", "The current password is wrong."),
        _ when error.Code.StartsWith("Password", StringComparison.Ordinal) => new("password-weak", "password", error.Description),
        "ConcurrencyFailure" => new("conflict", "", "Somebody else changed this user meanwhile. Look at it again."),
        _ => new("refused", "", error.Description),
    };
}
