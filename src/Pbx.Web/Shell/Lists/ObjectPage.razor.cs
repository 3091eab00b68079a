using Microsoft.AspNetCore.Components;
using MudBlazor;
using Pbx.Core.Configuration;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Shell.Lists;

/// <summary>List and panel of one kind of object; both follow the published snapshots.</summary>
public sealed partial class ObjectPage<T>
{
    private const int PageSize = 100;
    private IReadOnlyList<T> rows = [];
    private int total;
    private int shown = PageSize;
    private int sort;
    private bool descending;
    private string? filter;
    private ObjectEditor<T>? editor;
    private object editorIdentity = new();
    private bool missing;
    private string? openKey;

    /// <summary>What the kind is.</summary>
    [Parameter, EditorRequired] public ObjectKindModel<T> Model { get; set; } = null!;

    /// <summary>Key of the object shown, from the address; null: none.</summary>
    [Parameter] public string? Key { get; set; }

    /// <summary>A sentence above the list.</summary>
    [Parameter] public string? Intro { get; set; }

    /// <summary>What an empty list says.</summary>
    [Parameter] public string? EmptyText { get; set; }

    /// <summary>Further buttons above the list.</summary>
    [Parameter] public RenderFragment? ListActions { get; set; }

    /// <summary>The fields of the form.</summary>
    [Parameter, EditorRequired] public RenderFragment<ObjectEditor<T>> Fields { get; set; } = null!;

    /// <summary>What follows the form of a stored object, outside it.</summary>
    [Parameter] public RenderFragment<ObjectEditor<T>>? More { get; set; }

    /// <summary>Told after each save, with the object before and after.</summary>
    [Parameter] public EventCallback<(T? Before, T After)> Saved { get; set; }

    [Inject] private IConfigurationDoor Door { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Keep(Door.Subscribe(_ => Poke()));
        filter = new Uri(Navigation.Uri).Query is { Length: > 3 } query && query.StartsWith("?q=", StringComparison.Ordinal)
            ? Uri.UnescapeDataString(query[3..]) : null;
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        List();
        if (Key == openKey) return;
        openKey = Key;
        OpenEditor();
    }

    /// <inheritdoc/>
    protected override void Refresh()
    {
        List();
        if (editor is { IsNew: false }) editor.Observe(Model.Find(Door.Current, editor.Original.Key));
    }

    private void OpenEditor()
    {
        editorIdentity = new object();
        missing = false;
        editor = Key switch
        {
            null => null,
            ConsoleUrls.NewKey => new ObjectEditor<T>(Model, Door, Model.New(Door.Current), isNew: true),
            _ when Model.Find(Door.Current, Key) is { } item => new ObjectEditor<T>(Model, Door, item, isNew: false),
            _ => null,
        };
        missing = editor is null && Key is not null;
    }

    private void List()
    {
        rows = Model.Matching(Door.Current, L, filter, sort, descending);
        total = Model.All(Door.Current).Count();
    }

    private void FilterBy(string? text)
    {
        filter = text;
        shown = PageSize;
        List();
    }

    private void SortBy(int column)
    {
        descending = sort == column && !descending;
        sort = column;
        List();
    }

    private void Open(string key) => Navigation.NavigateTo(ConsoleUrls.Item(Model.Kind, key));

    private void OnSavedNew(string key)
    {
        // The editor already holds the stored object: the address follows it, the panel stays.
        openKey = key;
        Navigation.NavigateTo(ConsoleUrls.Item(Model.Kind, key), replace: true);
    }

    private Task SavedAsync((T? Before, T After) change) => Saved.InvokeAsync(change);

    private Task OnRemovedAsync(T item)
    {
        editor = null;
        Navigation.NavigateTo(ConsoleUrls.List(Model.Kind), replace: true);
        Snackbar.Add(L.Deleted(Model.NameOf(item)), Severity.Normal, options =>
        {
            options.VisibleStateDuration = 10_000;
            options.Action = L.Undo;
            options.OnClick = _ => RestoreAsync(item);
        });
        return Task.CompletedTask;
    }

    private async Task RestoreAsync(T item)
    {
        var result = await Door.ApplyAsync([new Change.Put(Model.AsNew(item, item.Key))]);
        if (result.Succeeded) Snackbar.Add(L.Restored(Model.NameOf(item)), Severity.Success);
        else Snackbar.Add(string.Join(' ', result.Errors.Select(L.Error)), Severity.Error);
    }
}
