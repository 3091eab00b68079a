using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Pbx.Web.Localization;

/// <summary>MudBlazor's own words in French; in English it speaks for itself.</summary>
internal sealed class ConsoleMudLocalizer : MudLocalizer
{
    /// <inheritdoc/>
    public override LocalizedString this[string key] =>
        System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr" && MudFrench.Words.TryGetValue(key, out var french)
            ? new LocalizedString(key, french)
            : new LocalizedString(key, key, resourceNotFound: true);
}
