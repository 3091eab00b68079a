using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Pbx.Core.Access;

/// <summary>Puts into a user's ticket what pages need on each request: own extension, shown name, language.</summary>
internal sealed class UserTicket(UserManager<PbxUser> users, RoleManager<PbxRole> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<PbxUser, PbxRole>(users, roles, options)
{
    /// <inheritdoc/>
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(PbxUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        Add(identity, Caller.ExtensionClaim, user.Extension);
        Add(identity, ClaimTypes.GivenName, user.DisplayName);
        Add(identity, ClaimTypes.Locality, user.Language);
        Add(identity, Caller.MustChangePasswordClaim, user.MustChangePassword ? "true" : null);
        return identity;
    }

    private static void Add(ClaimsIdentity identity, string type, string? value)
    {
        if (!string.IsNullOrEmpty(value)) identity.AddClaim(new Claim(type, value));
    }
}

/// <summary>A disabled user may not sign in.</summary>
internal sealed class EnabledUsersOnly : IUserConfirmation<PbxUser>
{
    /// <inheritdoc/>
    public Task<bool> IsConfirmedAsync(UserManager<PbxUser> manager, PbxUser user) => Task.FromResult(!user.Disabled);
}
