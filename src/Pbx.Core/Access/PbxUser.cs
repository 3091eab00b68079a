using Microsoft.AspNetCore.Identity;

namespace Pbx.Core.Access;

/// <summary>A person who signs in to the console; the user name is the e-mail address.</summary>
public sealed class PbxUser : IdentityUser<Guid>
{
    /// <summary>The name shown to people.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Language of the console: <c>fr</c> or <c>en</c>; null: the browser's.</summary>
    public string? Language { get; set; }

    /// <summary>Theme: <c>light</c> or <c>dark</c>; null: the system's.</summary>
    public string? Theme { get; set; }

    /// <summary>Key of the extension that belongs to this person, or null.</summary>
    public string? Extension { get; set; }

    /// <summary>May not sign in.</summary>
    public bool Disabled { get; set; }

    /// <summary>The password was given by somebody else and must be changed at the next sign-in.</summary>
    public bool MustChangePassword { get; set; }
}

/// <summary>A role as Identity stores it; its name is one of <see cref="Roles"/>.</summary>
public sealed class PbxRole : IdentityRole<Guid>;
