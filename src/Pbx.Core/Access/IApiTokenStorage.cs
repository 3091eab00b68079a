using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>Where API tokens are kept: the database.</summary>
public interface IApiTokenStorage
{
    /// <summary>Keeps a token by its hash, and who made it in the audit.</summary>
    Task AddAsync(ApiTokenInfo token, string hash, Actor actor, CancellationToken cancellationToken = default);

    /// <summary>All tokens, the newest first.</summary>
    Task<IReadOnlyList<ApiTokenInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a token, and notes in the audit who did; false when there is none.</summary>
    Task<bool> RemoveAsync(Guid token, Actor actor, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>The token with this hash, or null.</summary>
    Task<ApiTokenInfo?> FindAsync(string hash, CancellationToken cancellationToken = default);
}
