using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Pbx.Core.Access;

namespace Pbx.Web.Access;

/// <summary>
/// Who uses a circuit. A circuit lives for hours, so each minute the account is looked at again: one that was disabled, changed its
/// password or its role is signed out. A session that somebody ends is signed out at once.
/// </summary>
internal sealed class CircuitAuthentication : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly IServiceScopeFactory scopes;
    private readonly ConsoleSessions sessions;
    private IDisposable? watch;

    public CircuitAuthentication(ILoggerFactory loggers, IServiceScopeFactory scopes, ConsoleSessions sessions)
        : base(loggers)
    {
        (this.scopes, this.sessions) = (scopes, sessions);
        AuthenticationStateChanged += Watch;
    }

    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState state, CancellationToken cancellationToken)
    {
        if (SessionCookie.Of(state.User) is not { } session || await sessions.StateAsync(session) == SessionState.Ended) return false;
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>();
        try
        {
            return await users.GetUserAsync(state.User) is { Disabled: false } user
                && state.User.FindFirstValue(users.Options.ClaimsIdentity.SecurityStampClaimType) == await users.GetSecurityStampAsync(user);
        }
        catch (Exception e) when (DatabaseAway.Explains(e))
        {
            // Nobody is signed out for that, and changes are refused by the store itself.
            return true;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        AuthenticationStateChanged -= Watch;
        watch?.Dispose();
        base.Dispose(disposing);
    }

    private void Watch(Task<AuthenticationState> changed) => _ = WatchAsync(changed);

    private async Task WatchAsync(Task<AuthenticationState> changed)
    {
        var session = SessionCookie.Of((await changed).User);
        watch?.Dispose();
        watch = session is { } id ? sessions.Watch(id, () => SetAuthenticationState(Task.FromResult(Nobody))) : null;
    }
}
