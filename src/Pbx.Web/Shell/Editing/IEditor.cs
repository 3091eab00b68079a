using Pbx.Core.Common;

namespace Pbx.Web.Shell.Editing;

/// <summary>What the fields of a form need of the editor that they belong to.</summary>
public interface IEditor
{
    /// <summary>The errors that concern a property of the object, named by its path within it (<c>agents</c>, <c>timeRoutes/closed</c>).</summary>
    IEnumerable<PbxError> ErrorsAt(string path);

    /// <summary>True while fields may not be changed.</summary>
    bool ReadOnly { get; }

    /// <summary>Called after each change of the draft, and when a save or a reload has said something else about it.</summary>
    event Action? Changed;
}
