using Pbx.Core.Access;
using Pbx.Core.Common;

namespace Pbx.Web.Shell;

/// <summary>A feature that lists and edits one kind of object of the configuration.</summary>
public abstract class ObjectKindFeature(ObjectKind kind, MenuGroup group, string icon) : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(group, t => t.KindPlural(kind), ConsoleUrls.List(kind), icon, Permission.SeeConfiguration);
}
