using Pbx.Core.Access;
using Pbx.Web.Localization;

namespace Pbx.Web.Shell;

/// <summary>The groups of the menu, in order.</summary>
public enum MenuGroup
{
    /// <summary>Above all groups.</summary>
    Top,
    /// <summary>Extensions, queues, menus, mailboxes.</summary>
    Telephony,
    /// <summary>Rules, trunks, sites and their hours.</summary>
    Routing,
    /// <summary>Prompts.</summary>
    Audio,
    /// <summary>Live and past calls.</summary>
    Monitoring,
    /// <summary>Settings, people, audit.</summary>
    System,
}

/// <summary>A line of the menu.</summary>
/// <param name="Group">Where it stands.</param>
/// <param name="Title">Its words.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="Icon">A Material icon (SVG path data).</param>
/// <param name="Permission">What one must be allowed to see it.</param>
public sealed record MenuEntry(MenuGroup Group, Func<Texts, string> Title, string Url, string Icon, Permission Permission);

/// <summary>A feature of the console: its menu entry, services and API routes. Pages find their way by their own addresses.</summary>
public abstract class ConsoleFeature
{
    /// <summary>Its line of the menu; null: none.</summary>
    public virtual MenuEntry? Menu => null;

    /// <summary>Registers its services.</summary>
    public virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Maps its API routes below <c>/api/v1</c>.</summary>
    public virtual void MapApi(IEndpointRouteBuilder api)
    {
    }
}
