using Microsoft.AspNetCore.Identity;
using Pbx.Core.Access;

namespace Pbx.Web.Account;

/// <summary>
/// Passkeys at the door. The device has verified its owner (Web Authentication, user verification required), so a passkey stands for
/// password and second factor alike; who is disabled or locked out stays outside.
/// </summary>
internal static class PasskeySignIn
{
    /// <summary>Signs in whoever the credential belongs to.</summary>
    /// <param name="signIn">Identity's sign-in.</param>
    /// <param name="credential">What the browser made of the options, as JSON.</param>
    /// <returns>How it went, and who came in.</returns>
    public static async Task<(SignInResult Result, PbxUser? User)> SignInByPasskeyAsync(this SignInManager<PbxUser> signIn, string credential)
    {
        var assertion = await JudgeAsync(() => signIn.PerformPasskeyAssertionAsync(credential), credential);
        if (assertion is null || !assertion.Succeeded) return (SignInResult.Failed, null);
        var user = assertion.User;
        if (!await signIn.CanSignInAsync(user)) return (SignInResult.NotAllowed, null);
        if (await signIn.UserManager.IsLockedOutAsync(user)) return (SignInResult.LockedOut, null);
        var counted = await signIn.UserManager.AddOrUpdatePasskeyAsync(user, assertion.Passkey);
        if (!counted.Succeeded) return (SignInResult.Failed, null);
        await signIn.SignInAsync(user, isPersistent: true);
        return (SignInResult.Success, user);
    }

    /// <summary>The passkey that a device has made for this user; null when it is not what was asked for.</summary>
    public static async Task<UserPasskeyInfo?> AcceptPasskeyAsync(this SignInManager<PbxUser> signIn, Guid user, string credential)
    {
        var made = await JudgeAsync(() => signIn.PerformPasskeyAttestationAsync(credential), credential);
        return made is not null && made.Succeeded && made.UserEntity.Id == user.ToString() ? made.Passkey : null;
    }

    private static async Task<T?> JudgeAsync<T>(Func<Task<T>> ceremony, string credential)
        where T : class
    {
        if (credential.Length == 0) return null;
        try
        {
            return await ceremony();
        }
        catch (InvalidOperationException)
        {
            // Nothing was asked of this browser, or too long ago.
            return null;
        }
    }
}
