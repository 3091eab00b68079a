using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;

namespace Pbx.Core.Access;

/// <summary>The codes that were good in the last minutes: each is good once, so one that was seen over a shoulder is worth nothing.</summary>
internal sealed class SingleUseCodes(TimeProvider time)
{
    // Identity takes codes of two steps of 30 s before and after now.
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<(Guid User, string Code), DateTimeOffset> used = new();

    /// <summary>True the first time.</summary>
    public bool TryUse(Guid user, string code)
    {
        var now = time.GetUtcNow();
        foreach (var (old, until) in used)
            if (until < now) used.TryRemove(old, out _);
        return used.TryAdd((user, code), now + Validity);
    }
}

/// <summary>Codes of an authenticator app (RFC 6238), each good once (RFC 6238 section 5.2).</summary>
internal sealed class AuthenticatorCodes(SingleUseCodes codes) : AuthenticatorTokenProvider<PbxUser>
{
    /// <inheritdoc/>
    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<PbxUser> manager, PbxUser user) =>
        await base.ValidateAsync(purpose, token, manager, user) && codes.TryUse(user.Id, token);
}
