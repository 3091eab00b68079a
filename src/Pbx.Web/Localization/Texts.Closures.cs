namespace Pbx.Web.Localization;

// Exceptional closures and the state of sites.
public sealed partial class Texts
{
    public string ClosureBanner(string site, DateTimeOffset? until) => until is { } end
        ? T($"{site} : fermeture exceptionnelle jusqu’au {end.ToString("g", Culture)}", $"{site}: exceptional closure until {end.ToString("g", Culture)}")
        : T($"{site} : fermeture exceptionnelle, sans fin prévue", $"{site}: exceptional closure, no end set");

    public string ClosureIntro => T("Tous les appels entrants du site entendent le message de fermeture. Les appels en cours ne sont pas coupés.",
        "Every inbound call of the site hears the closure announcement. Calls in progress are not cut.");
    public string ClosedUntil(DateTimeOffset until) => T($"Fermé jusqu’au {until.ToString("f", Culture)}", $"Closed until {until.ToString("f", Culture)}");
    public string ClosedWithoutEnd => T("Fermé, sans fin prévue", "Closed, no end set");
    public string SwitchedBy(string who, DateTimeOffset? at) => T($"Par {who}, le {at?.ToString("g", Culture)}", $"By {who}, {at?.ToString("g", Culture)}");
    public string Reopen => T("Rouvrir maintenant", "Reopen now");
    public string CloseNow(string site) => T($"Fermer {site} maintenant", $"Close {site} now");
    public string Until => T("Jusqu’à quand", "Until when");
    public string WillEnd(DateTimeOffset end) => T($"Rouvrira tout seul : {end.ToString("f", Culture)}", $"Will reopen by itself: {end.ToString("f", Culture)}");
    public string ChooseEnd => T("Choisissez la date et l’heure de fin.", "Choose the date and time of the end.");
    public string NoEndWarning => T("Restera fermé jusqu’à ce que quelqu’un rouvre.", "Will stay closed until somebody reopens.");
    public string ClosureEndName(string end) => end switch
    {
        "NextOpening" => T("Prochaine ouverture", "Next opening"),
        "EndOfDay" => T("Fin de journée", "End of the day"),
        "At" => T("Date et heure", "Date and time"),
        _ => T("Sans fin", "No end"),
    };
}
