using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Pbx.Core.Access;
using Secret = Pbx.Core.Common.Secret;

namespace Pbx.Core.Data;

/// <summary>Users as Identity stores them, but what proves a second factor (the key of its app, the recovery codes) is encrypted at rest.</summary>
internal sealed class UserStore(PbxDbContext context, SecretCipher cipher, IdentityErrorDescriber errors)
    : UserStore<PbxUser, PbxRole, PbxDbContext, Guid, IdentityUserClaim<Guid>, IdentityUserRole<Guid>, IdentityUserLogin<Guid>, IdentityUserToken<Guid>,
        IdentityRoleClaim<Guid>, IdentityUserPasskey<Guid>>(context, errors)
{
    /// <inheritdoc/>
    public override Task SetTokenAsync(PbxUser user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, cipher.Encrypt(value is null ? null : new Secret(value)), cancellationToken);

    /// <inheritdoc/>
    public override async Task<string?> GetTokenAsync(PbxUser user, string loginProvider, string name, CancellationToken cancellationToken) =>
        cipher.Decrypt(await base.GetTokenAsync(user, loginProvider, name, cancellationToken))?.Reveal();
}
