using Microsoft.AspNetCore.Authorization;
using Pbx.Core.Access;

namespace Pbx.Web.Access;

/// <summary>A page that only those see who have the permission.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequirePermissionAttribute : AuthorizeAttribute
{
    /// <summary>Asks for a permission.</summary>
    public RequirePermissionAttribute(Permission permission) : base(permission.ToString())
    {
    }
}
