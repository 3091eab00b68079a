using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Sites;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Account;

/// <summary>What the set-up page asks.</summary>
public sealed class SetupForm
{
    /// <summary>The set-up code.</summary>
    public string Code { get; set; } = "";

    /// <summary>Name of the administrator.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Mail address of the administrator.</summary>
    public string Email { get; set; } = "";

    /// <summary>Password of the administrator.</summary>
    public string Password { get; set; } = "";

    /// <summary>Name of the company.</summary>
    public string Company { get; set; } = "";

    /// <summary>Name of the first site.</summary>
    public string Site { get; set; } = "";

    /// <summary>Its time zone.</summary>
    public string TimeZone { get; set; } = "Europe/Paris";
}

/// <summary>Claims the system for its first administrator, and writes down company and first site.</summary>
public sealed class FirstSetup(SystemSetup setup, IConfiguration configuration)
{
    private static readonly Actor System = new("setup", ChangeSource.System);
    private volatile bool claimed;

    /// <summary>True once an administrator exists; asked of the database only until then.</summary>
    public async Task<bool> IsClaimedAsync(CancellationToken cancellationToken = default) =>
        claimed || (claimed = await setup.IsClaimedAsync(cancellationToken));

    /// <summary>Creates administrator, company and site; the errors, empty on success.</summary>
    /// <param name="form">What was entered.</param>
    /// <param name="language">Language of the site: the one that the page was filled in.</param>
    public async Task<IReadOnlyList<PbxError>> ClaimAsync(SetupForm form, string language)
    {
        var user = new UserData(form.Email.Trim(), form.DisplayName.Trim(), Roles.Administrator, Language: language);
        var result = await setup.ClaimAsync(form.Code.Trim(), user, form.Password);
        if (!result.Succeeded) return result.Errors;
        claimed = true;
        var site = new Site
        {
            Key = KeyNames.Free(form.Site, key => !configuration.Current.Sites.ContainsKey(key)),
            Name = form.Site.Trim(), TimeZone = form.TimeZone.Trim(), Language = language, PublicHolidays = PublicHolidays.France,
        };
        var changes = new List<Change> { new Change.Put(configuration.Current.Settings with { CompanyName = form.Company.Trim() }) };
        if (configuration.Current.Sites.IsEmpty) changes.Add(new Change.Put(site));
        await configuration.ApplyAsync(changes, System);
        // The account exists: what did not pass (a time zone mistyped) is set right in the console.
        return [];
    }
}
