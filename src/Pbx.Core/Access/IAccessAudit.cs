using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>Who changed which user or token: lines of the same audit as the configuration's.</summary>
public interface IAccessAudit
{
    /// <summary>Adds a line that is written together with the next save of this scope, in its transaction; nothing when nothing differs.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="subject">What is changed, such as <c>user:anne@example.com</c>.</param>
    /// <param name="before">What it was, without secrets; null: it is created.</param>
    /// <param name="after">What it becomes, without secrets; null: it is removed.</param>
    void Add(Actor actor, string subject, object? before, object? after);
}
