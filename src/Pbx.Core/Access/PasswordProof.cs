using Microsoft.AspNetCore.Identity;
using Pbx.Core.Common;

namespace Pbx.Core.Access;

/// <summary>Whoever has got hold of an open session shall not change how its user signs in, nor find the password by trying.</summary>
internal static class PasswordProof
{
    /// <summary>Null for the current password; else <c>password-wrong</c>, or <c>too-many-tries</c> while the account is locked.</summary>
    public static async Task<PbxError?> RefusalAsync(UserManager<PbxUser> users, PbxUser user, string password)
    {
        if (await users.IsLockedOutAsync(user)) return new PbxError("too-many-tries", "", "Too many tries. Wait some minutes.");
        if (await users.CheckPasswordAsync(user, password)) return null;
        await users.AccessFailedAsync(user);
        return new PbxError("password-wrong", "password", "The current password is wrong.");
    }
}
