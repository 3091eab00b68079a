using Microsoft.AspNetCore.Components;
using Pbx.Web.Localization;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Shell.Fields;

/// <summary>What all fields of a form share: label, help, and the errors that concern their property.</summary>
public abstract class FieldBase : ComponentBase, IDisposable
{
    private IEditor? watched;

    /// <summary>What it asks for, with its unit.</summary>
    [Parameter] public string Label { get; set; } = "";

    /// <summary>A sentence of help.</summary>
    [Parameter] public string? Help { get; set; }

    /// <summary>The property's path within its object, as errors name it.</summary>
    [Parameter] public string Path { get; set; } = "";

    /// <summary>The editor whose errors are shown.</summary>
    [CascadingParameter] protected IEditor? Editor { get; set; }

    /// <summary>The texts.</summary>
    [Inject] protected Texts Words { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (watched is not null) watched.Changed -= StateHasChanged;
        GC.SuppressFinalize(this);
    }

    // A save changes none of the field's own parameters, so nothing but the editor tells it of its errors.
    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        watched = Editor;
        if (watched is not null) watched.Changed += StateHasChanged;
    }

    /// <summary>The errors of the property as one text; null when there is none.</summary>
    protected string? ErrorText
    {
        get
        {
            var errors = Editor is null || Path.Length == 0 ? [] : Editor.ErrorsAt(Path).Select(Words.Error).Distinct().ToList();
            return errors.Count == 0 ? null : string.Join(' ', errors);
        }
    }

    /// <summary>Whether the property is wrong.</summary>
    protected bool IsWrong => ErrorText is not null;
}
