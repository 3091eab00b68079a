using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>An API token as lists show it; the token itself is not kept.</summary>
public sealed record ApiTokenInfo(Guid Id, string Name, string Role, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>A new token: shown once.</summary>
public sealed record CreatedToken(ApiTokenInfo Token, Secret Text);

/// <summary>Tokens with which programs use the API. Only their hash is kept.</summary>
public sealed class ApiTokens(IApiTokenStorage storage, TimeProvider time)
{
    private const int TokenBytes = 32;
    private const string Prefix = "pbx_";

    /// <summary>How long a token seen valid is believed without asking the database.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(1);

    /// <summary>Tokens seen valid, by hash, and when: what speaks for them while the database is away.</summary>
    private readonly ConcurrentDictionary<string, (ApiTokenInfo Token, long At)> seen = new();

    /// <summary>Creates a token with a role. Errors: <c>forbidden</c>, <c>role-unknown</c>, <c>name-missing</c>, <c>database-unavailable</c>.</summary>
    public Task<Result<CreatedToken>> CreateAsync(string name, string role, DateTimeOffset? expiresAt, Caller caller,
        CancellationToken cancellationToken = default) => AccessErrors.Guarded(async () =>
    {
        if (caller.Refuse(Permission.ManageTokens) is { } refusal) return Result<CreatedToken>.Fail(refusal);
        if (!Roles.All.Contains(role)) return Result<CreatedToken>.Fail(AccessErrors.RoleUnknown(role));
        if (string.IsNullOrWhiteSpace(name)) return Result<CreatedToken>.Fail(new PbxError("name-missing", "name", "Give the token a name."));
        var text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var token = new ApiTokenInfo(Guid.CreateVersion7(), name.Trim(), role, caller.Actor.Name, time.GetUtcNow(), expiresAt);
        await storage.AddAsync(token, HashOf(text), caller.Actor, cancellationToken);
        return Result<CreatedToken>.Ok(new CreatedToken(token, new Secret(text)));
    });

    /// <summary>Adds an administrator's token whose text was chosen outside: for an unattended set-up.</summary>
    public async Task AddAsync(string name, Secret text, CancellationToken cancellationToken = default)
    {
        var hash = HashOf(text.Reveal());
        // A start that was not the first one finds it there.
        if (await storage.FindAsync(hash, cancellationToken) is not null) return;
        var token = new ApiTokenInfo(Guid.CreateVersion7(), name, Roles.Administrator, Caller.System.Actor.Name, time.GetUtcNow(), null);
        await storage.AddAsync(token, hash, Caller.System.Actor, cancellationToken);
    }

    /// <summary>All tokens, the newest first.</summary>
    public Task<Result<IReadOnlyList<ApiTokenInfo>>> ListAsync(Caller caller, CancellationToken cancellationToken = default) =>
        AccessErrors.Guarded(async () => caller.Refuse(Permission.ManageTokens) is { } refusal
            ? Result<IReadOnlyList<ApiTokenInfo>>.Fail(refusal)
            : Result<IReadOnlyList<ApiTokenInfo>>.Ok(await storage.ListAsync(cancellationToken)));

    /// <summary>Revokes a token at once; false when it is gone already.</summary>
    public Task<Result<bool>> RevokeAsync(Guid token, Caller caller, CancellationToken cancellationToken = default) =>
        AccessErrors.Guarded(async () =>
        {
            if (caller.Refuse(Permission.ManageTokens) is { } refusal) return Result<bool>.Fail(refusal);
            var removed = await storage.RemoveAsync(token, caller.Actor, time.GetUtcNow(), cancellationToken);
            foreach (var (hash, _) in seen.Where(s => s.Value.Token.Id == token)) seen.TryRemove(hash, out var _);
            return Result<bool>.Ok(removed);
        });

    /// <summary>
    /// Who a token speaks for; null when it is unknown, expired or revoked. While the database is away, tokens seen before are known; of the
    /// others nothing can be said. Errors: <c>database-unavailable</c>.
    /// </summary>
    public Task<Result<Caller?>> VerifyAsync(string token, CancellationToken cancellationToken = default) => AccessErrors.Guarded(async () =>
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return Result<Caller?>.Ok(null);
        var info = await FindAsync(HashOf(token), cancellationToken);
        return Result<Caller?>.Ok(info is not null && (info.ExpiresAt is null || info.ExpiresAt > time.GetUtcNow())
            ? new Caller(new Actor(info.Name, ChangeSource.Api), Roles.PermissionsOf(info.Role))
            : null);
    });

    private async Task<ApiTokenInfo?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (seen.TryGetValue(hash, out var known) && time.GetElapsedTime(known.At, now) < Believed) return known.Token;
        try
        {
            var info = await storage.FindAsync(hash, cancellationToken);
            if (info is null) seen.TryRemove(hash, out _);
            else seen[hash] = (info, now);
            return info;
        }
        catch (StorageUnavailableException) when (known.Token is not null)
        {
            // A database that hangs is not asked again for each request.
            seen[hash] = (known.Token, time.GetTimestamp());
            return known.Token;
        }
    }

    /// <summary>The token has 256 random bits: a plain hash cannot be turned back.</summary>
    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
