using Microsoft.EntityFrameworkCore;
using Pbx.Core.Access;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;

namespace Pbx.Core.Data;

/// <summary>API tokens in the database.</summary>
internal sealed class ApiTokenStorage(PbxContextFactory contexts) : IApiTokenStorage
{
    /// <inheritdoc/>
    public Task AddAsync(ApiTokenInfo token, string hash, Actor actor, CancellationToken cancellationToken = default) => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        database.Add(new ApiTokenRow
        {
            Id = token.Id, Name = token.Name, Role = token.Role, Hash = hash, CreatedBy = token.CreatedBy, CreatedAt = token.CreatedAt,
            ExpiresAt = token.ExpiresAt,
        });
        database.Add(AccessAudit.Line(actor, Subject(token.Name), null, State(token.Role, token.ExpiresAt), token.CreatedAt));
        return await database.SaveChangesAsync(cancellationToken);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiTokenInfo>> ListAsync(CancellationToken cancellationToken = default) => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        var rows = await database.Set<ApiTokenRow>().AsNoTracking().OrderByDescending(r => r.CreatedAt).ToListAsync(cancellationToken);
        return (IReadOnlyList<ApiTokenInfo>)[.. rows.Select(Read)];
    });

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(Guid token, Actor actor, DateTimeOffset at, CancellationToken cancellationToken = default) => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        if (await database.Set<ApiTokenRow>().SingleOrDefaultAsync(r => r.Id == token, cancellationToken) is not { } row) return false;
        database.Remove(row);
        database.Add(AccessAudit.Line(actor, Subject(row.Name), State(row.Role, row.ExpiresAt), null, at));
        try
        {
            return await database.SaveChangesAsync(cancellationToken) > 0;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else revoked it at the same moment.
            return false;
        }
    });

    /// <inheritdoc/>
    public Task<ApiTokenInfo?> FindAsync(string hash, CancellationToken cancellationToken = default) => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        var row = await database.Set<ApiTokenRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Hash == hash, cancellationToken);
        return row is null ? null : Read(row);
    });

    private static string Subject(string name) => $"token:{name}";

    private static string? State(string role, DateTimeOffset? expiresAt) => AccessAudit.Json(new { role, expiresAt });

    private static ApiTokenInfo Read(ApiTokenRow row) => new(row.Id, row.Name, row.Role, row.CreatedBy, row.CreatedAt, row.ExpiresAt);
}
