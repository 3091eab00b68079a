using MudBlazor;

namespace Pbx.Web.Shell;

/// <summary>The colours and letters of the console.</summary>
internal static class ConsoleTheme
{
    /// <summary>The theme, light and dark.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5cad",
            Secondary = "#5b4b9a",
            Background = "#f4f6f9",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1c2733",
            DrawerBackground = "#ffffff",
            DrawerText = "#2b3947",
            TextPrimary = "#1c2733",
            TextSecondary = "#4a5866",
            LinesDefault = "#dbe1e8",
            Success = "#1b7f3b",
            Warning = "#9a5b00",
            Error = "#b3261e",
            Info = "#0b5cad",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#7cb7f5",
            PrimaryContrastText = "#0c1a29",
            Secondary = "#b7a8f0",
            Background = "#12181f",
            Surface = "#1a222b",
            AppbarBackground = "#1a222b",
            AppbarText = "#e4eaf0",
            DrawerBackground = "#1a222b",
            DrawerText = "#d3dce5",
            TextPrimary = "#e4eaf0",
            TextSecondary = "#a9b6c3",
            LinesDefault = "#33404d",
            Success = "#6dd08c",
            Warning = "#f0b35a",
            Error = "#ff8a80",
            ErrorContrastText = "#2b0705",
            Info = "#7cb7f5",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography
            {
                FontFamily = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Ubuntu", "Noto Sans", "sans-serif"],
                FontSize = "0.925rem",
            },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
