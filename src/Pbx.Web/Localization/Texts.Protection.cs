using Pbx.Core.Live;

namespace Pbx.Web.Localization;

// Protection: bans, alerts, limits of calls outside.
public sealed partial class Texts
{
    public string Protection => T("Protection", "Protection");
    public string Bans => T("Adresses bloquées", "Banned addresses");
    public string NoBans => T("Aucune adresse n’est bloquée.", "No address is banned.");
    public string BanTimes => T("Blocages", "Bans");
    public string Packet => T("Paquet", "Packet");
    public string Release => T("Débloquer", "Release");
    public string Released(string address) => T($"{address} est débloquée.", $"{address} is released.");
    public string BanCauseName(BanCause cause) => cause switch
    {
        BanCause.Guessing => T("Mots de passe devinés", "Guessing passwords"),
        BanCause.Scanner => T("Outil de balayage", "Scanner"),
    };
    public string Seen => T("Vu", "Seen");
    public string AlertSentence(AlertKind kind, string who, string detail) => kind switch
    {
        AlertKind.OutboundLimit => T($"{who} a atteint une limite d’appels vers l’extérieur ({RefusalWord(detail)}).", $"{who} has reached a limit of calls outside ({RefusalWord(detail)})."),
        AlertKind.AccountAttacked => T($"Des inconnus essaient de deviner le mot de passe du compte {who}.", $"Strangers try to guess the password of account {who}."),
        AlertKind.DiskAlmostFull => T($"Le disque de {who} est plein à {detail} %. Faites de la place : plein, il n’enregistre plus ni messages ni réglages.",
            $"The disk of {who} is {detail} % full. Make room: when it is full, neither messages nor settings are saved."),
    };
    public string AlertBanner(int count) => count == 1 ? T("Une alerte", "One alert") : T($"{count} alertes", $"{count} alerts");
    public string OutboundLimits => T("Appels vers l’extérieur", "Calls outside");
    public string OutboundLimitsHelp => T("Par poste, 0 : sans limite. Les appels d’urgence passent toujours.", "Per extension, 0: no limit. Emergency calls always pass.");
    public string AllowedCountries => T("Pays autorisés", "Allowed countries");
    public string OwnCountry => T("Pays d’un site : toujours autorisé", "Country of a site: always allowed");
    public string AllowCountry => T("Autoriser un pays…", "Allow a country…");
    public string RemoveCountry(string country) => T($"Ne plus autoriser {country}", $"No longer allow {country}");
    public string PremiumNumbers => T("Numéros surtaxés autorisés", "Premium-rate numbers allowed");
    public string PremiumNumbersHelp => T("Comme les 089 en France.", "Such as 089 in France.");
    public string CallsPerHour => T("Appels par heure", "Calls per hour");
    public string CallsPerDay => T("Appels par 24 heures", "Calls per 24 hours");
    public string MinutesPerHour => T("Minutes par heure", "Minutes per hour");
    public string MinutesPerDay => T("Minutes par 24 heures", "Minutes per 24 hours");
    public string AlertAddress => T("Adresse des alertes", "Address for alerts");
    public string AlertAddressHelp => T("Reçoit un courriel quand une limite est atteinte ou qu’un compte est attaqué.", "Is mailed when a limit is reached or an account is attacked.");
    public string NeverBanned => T("Adresses jamais bloquées, une par ligne", "Addresses never banned, one a line");
    public string NeverBannedHelp => T("Adresse ou réseau, comme 192.0.2.0/24.", "Address or network, such as 192.0.2.0/24.");
    public string OutboundInHoursOnly => T("N’appelle l’extérieur que pendant les heures de bureau", "Calls outside in office hours only");
    public string OutboundInHoursOnlyHelp => T("Les appels d’urgence passent toujours.", "Emergency calls always pass.");

    private string RefusalWord(string detail) => detail switch
    {
        "country" => T("pays non autorisé", "country not allowed"),
        "premium" => T("numéro surtaxé", "premium number"),
        "outside-hours" => T("hors des heures de bureau", "outside office hours"),
        "calls-per-hour" => T("appels par heure", "calls per hour"),
        "calls-per-day" => T("appels par jour", "calls per day"),
        "minutes-per-hour" => T("minutes par heure", "minutes per hour"),
        "minutes-per-day" => T("minutes par jour", "minutes per day"),
        _ => detail,
    };
}
