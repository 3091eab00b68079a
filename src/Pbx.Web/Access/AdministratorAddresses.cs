using Pbx.Core.Access;
using Pbx.Core.Live;

namespace Pbx.Web.Access;

/// <summary>Tells the protection from where administrators work, so that their address is not banned by accident.</summary>
internal static class AdministratorAddresses
{
    /// <summary>Notes the address of each request of a signed-in administrator.</summary>
    public static void UseAdministratorAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.User.IsInRole(Roles.Administrator) && context.Connection.RemoteIpAddress is { } address)
            context.RequestServices.GetService<IProtection>()?.AdministratorSeen(address);
        return next(context);
    });
}
