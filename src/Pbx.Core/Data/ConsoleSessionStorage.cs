using Microsoft.EntityFrameworkCore;
using Pbx.Core.Access;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;

namespace Pbx.Core.Data;

/// <summary>Console sessions in the database.</summary>
internal sealed class ConsoleSessionStorage(PbxContextFactory contexts) : IConsoleSessionStorage
{
    /// <inheritdoc/>
    public Task AddAsync(ConsoleSession session, string stamp) => WithDatabase(database =>
    {
        database.Add(new ConsoleSessionRow
        {
            Id = session.Id, UserId = session.User, Stamp = stamp, Browser = session.Browser, Address = session.Address,
            StartedAt = session.StartedAt, SeenAt = session.SeenAt,
        });
        return database.SaveChangesAsync();
    });

    /// <inheritdoc/>
    public Task<bool> RenewAsync(Guid session, Guid user, string stamp) => WithDatabase(async database =>
        await database.Set<ConsoleSessionRow>().Where(r => r.Id == session && r.UserId == user)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Stamp, stamp)) > 0);

    /// <inheritdoc/>
    public Task<ConsoleSession?> FindAsync(Guid session) => WithDatabase(async database =>
        await Good(database).Where(r => r.Id == session).SingleOrDefaultAsync() is { } row ? Read(row) : null);

    /// <inheritdoc/>
    public Task SeenAsync(Guid session, DateTimeOffset at, string? address) => WithDatabase(database =>
    {
        var row = database.Set<ConsoleSessionRow>().Where(r => r.Id == session);
        return address is null
            ? row.ExecuteUpdateAsync(set => set.SetProperty(r => r.SeenAt, at))
            : row.ExecuteUpdateAsync(set => set.SetProperty(r => r.SeenAt, at).SetProperty(r => r.Address, address));
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ConsoleSession>> ListAsync(Guid user, DateTimeOffset since) => WithDatabase(async database =>
    {
        var rows = await Good(database).Where(r => r.UserId == user && r.SeenAt >= since).OrderByDescending(r => r.SeenAt).ToListAsync();
        return (IReadOnlyList<ConsoleSession>)[.. rows.Select(Read)];
    });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, int>> CountAsync(DateTimeOffset since) => WithDatabase(async database =>
        (IReadOnlyDictionary<Guid, int>)await Good(database).Where(r => r.SeenAt >= since).GroupBy(r => r.UserId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> RemoveOutdatedAsync(Guid user, DateTimeOffset since) => WithDatabase(async database =>
    {
        await database.Set<ConsoleSessionRow>().Where(r => r.SeenAt < since).ExecuteDeleteAsync();
        var good = Good(database).Select(r => r.Id);
        var outdated = await database.Set<ConsoleSessionRow>().Where(r => r.UserId == user && !good.Contains(r.Id)).Select(r => r.Id).ToListAsync();
        if (outdated.Count > 0) await database.Set<ConsoleSessionRow>().Where(r => outdated.Contains(r.Id)).ExecuteDeleteAsync();
        return (IReadOnlyList<Guid>)outdated;
    });

    /// <inheritdoc/>
    public Task RemoveAsync(Guid session) => WithDatabase(database =>
        database.Set<ConsoleSessionRow>().Where(r => r.Id == session).ExecuteDeleteAsync());

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> EndAsync(Guid user, Guid? only, Guid? keep, Actor actor, DateTimeOffset at) => WithDatabase(async database =>
    {
        var email = await database.Users.Where(u => u.Id == user).Select(u => u.Email).SingleOrDefaultAsync();
        var rows = await database.Set<ConsoleSessionRow>().AsNoTracking()
            .Where(r => r.UserId == user && (only == null || r.Id == only) && (keep == null || r.Id != keep)).ToListAsync();
        if (rows.Count == 0) return [];
        var ids = rows.ConvertAll(r => r.Id);
        await using var transaction = await database.Database.BeginTransactionAsync();
        await database.Set<ConsoleSessionRow>().Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync();
        database.AddRange(rows.Select(r => AccessAudit.Line(actor, $"user:{email}", State(r, "open"), State(r, "ended"), at)));
        await database.SaveChangesAsync();
        await transaction.CommitAsync();
        return (IReadOnlyList<Guid>)ids;
    });

    /// <summary>Sessions that still have the stamp of a user who may come in.</summary>
    private static IQueryable<ConsoleSessionRow> Good(PbxDbContext database) =>
        from session in database.Set<ConsoleSessionRow>().AsNoTracking()
        join user in database.Users on session.UserId equals user.Id
        where session.Stamp == user.SecurityStamp && !user.Disabled
        select session;

    private static string? State(ConsoleSessionRow row, string session) => AccessAudit.Json(new { row.Browser, row.Address, session });

    private static ConsoleSession Read(ConsoleSessionRow row) => new(row.Id, row.UserId, row.Browser, row.Address, row.StartedAt, row.SeenAt);

    private Task<T> WithDatabase<T>(Func<PbxDbContext, Task<T>> action) => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        return await action(database);
    });
}
