using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Access;

namespace Pbx.Core.Data;

/// <summary>How many passkeys there are.</summary>
internal sealed class PasskeyCounts(PbxContextFactory contexts) : IPasskeyCounts
{
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, int>> CountAsync() => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        return (IReadOnlyDictionary<Guid, int>)await database.Set<IdentityUserPasskey<Guid>>().GroupBy(p => p.UserId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
    });
}
