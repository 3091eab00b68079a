using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;
using Pbx.Core.Access;

namespace Pbx.Web.Shell;

/// <summary>The frame of every console page: app bar, menu, closure banners, theme.</summary>
public sealed partial class ConsoleLayout
{
    private readonly CancellationTokenSource disposed = new();
    private IDisposable? subscription;
    private IDisposable? alerts;
    private bool seesAlerts;
    private ErrorBoundary? boundary;
    private bool dark;
    private bool drawerOpen = true;
    private string choice = "system";

    [CascadingParameter(Name = "Theme")] private string? Theme { get; set; }

    private string Company => Door.Current.Settings.CompanyName;

    private string ReturnUrl => "/" + Navigation.ToBaseRelativePath(Navigation.Uri);

    private string ThemeIcon => choice switch
    {
        "light" => Icons.Material.Outlined.LightMode,
        "dark" => Icons.Material.Outlined.DarkMode,
        _ => Icons.Material.Outlined.BrightnessAuto,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Navigation.LocationChanged -= OnMoved;
        subscription?.Dispose();
        alerts?.Dispose();
        disposed.Cancel();
        disposed.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        choice = Theme ?? "system";
        dark = choice == "dark";
        Navigation.LocationChanged += OnMoved;
        subscription = Door.Subscribe(_ => Refresh());
        alerts = Alerts.Current.Subscribe(Refresh);
        _ = RefreshEveryMinuteAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync() => seesAlerts = (await Door.CallerAsync()).May(Permission.SeeDiagnostics);

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        if (choice == "system") dark = await Script.InvokeAsync<bool>("pbx.prefersDark");
        await Script.InvokeVoidAsync("pbx.ready");
        StateHasChanged();
    }

    private void OnMoved(object? sender, LocationChangedEventArgs args)
    {
        boundary?.Recover();
        Refresh();
    }

    // A dead circuit keeps its components for a while: refreshing one that was disposed meanwhile is no error.
    private void Refresh() => _ = InvokeAsync(() =>
    {
        if (!disposed.IsCancellationRequested) StateHasChanged();
    });

    // Closures end by themselves: the banner must go without anything being saved.
    private async Task RefreshEveryMinuteAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15));
        try
        {
            while (await timer.WaitForNextTickAsync(disposed.Token)) Refresh();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task ChooseThemeAsync(string theme)
    {
        choice = theme;
        dark = theme switch { "dark" => true, "light" => false, _ => await Script.InvokeAsync<bool>("pbx.prefersDark") };
        await Script.InvokeVoidAsync("pbx.setTheme", theme);
    }
}
