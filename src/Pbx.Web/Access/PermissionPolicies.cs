using Microsoft.AspNetCore.Authorization;
using Pbx.Core.Access;
using Pbx.Core.Configuration;

namespace Pbx.Web.Access;

/// <summary>One authorisation policy per permission, named like it; pages and API routes ask for permissions, never for roles.</summary>
internal static class PermissionPolicies
{
    /// <summary>Adds the policies; whatever names none needs at least a signed-in person.</summary>
    public static IServiceCollection AddPermissionPolicies(this IServiceCollection services) => services.AddAuthorization(options =>
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            options.AddPolicy(permission.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(
                context => Callers.Of(context.User, ChangeSource.Console).May(permission)));
        }
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
    });
}
