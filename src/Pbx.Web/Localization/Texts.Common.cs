using Pbx.Core.Common;

namespace Pbx.Web.Localization;

// Words of the shell, of lists and of forms.
public sealed partial class Texts
{
    public string Product => T("Téléphonie", "Phone system");
    public string Menu => T("Menu", "Menu");
    public string SkipToContent => T("Aller au contenu", "Skip to content");
    public string SignIn => T("Se connecter", "Sign in");
    public string SignOut => T("Se déconnecter", "Sign out");
    public string SwitchLanguage => T("English", "Français");
    public string Theme => T("Thème", "Theme");
    public string ThemeLight => T("Clair", "Light");
    public string ThemeDark => T("Sombre", "Dark");
    public string ThemeSystem => T("Comme le système", "Like the system");
    public string Reconnecting => T("Connexion au serveur perdue. Nouvelle tentative…", "Connection to the server lost. Trying again…");
    public string ReconnectFailed => T("Le serveur ne répond pas.", "The server does not answer.");
    public string ReloadPage => T("Recharger la page", "Reload the page");
    public string UnexpectedError => T("Une erreur inattendue s’est produite.", "An unexpected error occurred.");
    public string NotFoundTitle => T("Page introuvable", "Page not found");
    public string NotFoundText => T("Cette adresse ne mène nulle part.", "This address leads nowhere.");
    public string DeniedTitle => T("Accès refusé", "Access denied");
    public string DeniedText => T("Votre rôle ne donne pas accès à cette page.", "Your role does not give access to this page.");
    public string BackHome => T("Retour au tableau de bord", "Back to the dashboard");

    public string GroupTelephony => T("Téléphonie", "Telephony");
    public string GroupRouting => T("Routage", "Routing");
    public string GroupAudio => T("Audio", "Audio");
    public string GroupMonitoring => T("Suivi", "Monitoring");
    public string GroupSystem => T("Système", "System");

    public string Add => T("Ajouter", "Add");
    public string Save => T("Enregistrer", "Save");
    public string Cancel => T("Annuler", "Cancel");
    public string Close => T("Fermer", "Close");
    public string Delete => T("Supprimer", "Delete");
    public string Copy => T("Dupliquer", "Duplicate");
    public string Undo => T("Annuler", "Undo");
    public string Edit => T("Modifier", "Edit");
    public string Remove => T("Retirer", "Remove");
    public string MoveUp => T("Monter", "Move up");
    public string MoveDown => T("Descendre", "Move down");
    public string Filter => T("Filtrer", "Filter");
    public string Reload => T("Recharger", "Reload");
    public string Loading => T("Chargement…", "Loading…");
    public string None => T("Aucun", "None");
    public string Yes => T("Oui", "Yes");
    public string No => T("Non", "No");
    public string All => T("Tous", "All");
    public string Never => T("Jamais", "Never");
    public string Advanced => T("Avancé", "Advanced");
    public string Today => T("Aujourd’hui", "Today");
    public string MoreRows(int count) => T($"Afficher les {count} suivants", $"Show {count} more");
    public string CountOf(int shown, int all) => shown == all ? $"{all}" : T($"{shown} sur {all}", $"{shown} of {all}");
    public string NothingMatches => T("Rien ne correspond au filtre.", "Nothing matches the filter.");
    public string NothingYet => T("Rien pour l’instant.", "Nothing here yet.");
    public string Saved => T("Enregistré et appliqué. Aucun appel interrompu.", "Saved and applied. No call was interrupted.");
    public string Deleted(string name) => T($"« {name} » supprimé.", $"“{name}” deleted.");
    public string Restored(string name) => T($"« {name} » rétabli.", $"“{name}” restored.");
    public string NewTitle(string kind) => T($"Nouveau : {kind}", $"New: {kind}");
    public string DeleteTitle(string name) => T($"Supprimer « {name} » ?", $"Delete “{name}”?");
    public string DeleteConfirm => T("Les appels en cours ne seront pas coupés.", "Calls in progress will not be cut.");
    public string DeleteRefused => T("Impossible pour l’instant, car encore utilisé par :", "Not possible yet, because still used by:");
    public string MistakesFound(int count) => count == 1
        ? T("Une erreur empêche l’enregistrement :", "One mistake prevents saving:")
        : T($"{count} erreurs empêchent l’enregistrement :", $"{count} mistakes prevent saving:");
    public string Conflict => T("Quelqu’un a modifié cet objet entre-temps. Rechargez-le pour voir la version actuelle ; vos modifications seront perdues.",
        "Somebody changed this object in the meantime. Reload it to see the current version; your changes will be lost.");
    public string ConflictWith(string who) => T($"{who} a modifié cet objet entre-temps. Rechargez-le pour voir la version actuelle ; vos modifications seront perdues.",
        $"{who} changed this object in the meantime. Reload it to see the current version; your changes will be lost.");
    public string Gone => T("Cet objet a été supprimé entre-temps.", "This object has been deleted in the meantime.");
    public string DirtyTitle => T("Modifications non enregistrées", "Unsaved changes");
    public string DirtyText => T("Quitter sans enregistrer ?", "Leave without saving?");
    public string Leave => T("Abandonner les modifications", "Discard changes");
    public string Stay => T("Rester", "Stay");
    public string SelectOne => T("Choisissez une ligne de la liste pour la voir ou la modifier.", "Choose a row of the list to see or change it.");
    public string TechnicalKey => T("Identifiant technique", "Technical key");
    public string Name => T("Nom", "Name");
    public string Number => T("Numéro", "Number");
    public string Description => T("Description", "Description");
    public string InternalNumber => T("Numéro interne", "Internal number");
    public string InternalNumberHelp => T("Pour l’appeler depuis un téléphone ; facultatif.", "To call it from a phone; optional.");
    public string Language_ => T("Langue", "Language");
    public string LanguageName(string code) => code switch { "fr" => T("Français", "French"), "en" => T("Anglais", "English"), _ => code };
    public string SitePicker => T("Site", "Site");
    public string Seconds => T("s", "s");
    public string Since => T("Depuis", "Since");
    public string State => T("État", "State");
    public string Time => T("Heure", "Time");
    public string Duration => T("Durée", "Duration");
    public string From => T("De", "From");
    public string To => T("À", "To");
    public string SystemSettings => T("Paramètres du système", "System settings");
    public string Forbidden => T("Votre rôle ne permet pas cette modification.", "Your role does not allow this change.");

    public string KindName(ObjectKind kind) => kind switch
    {
        ObjectKind.Settings => SystemSettings,
        ObjectKind.Site => T("Site", "Site"),
        ObjectKind.Extension => T("Poste", "Extension"),
        ObjectKind.Trunk => T("Trunk SIP", "SIP trunk"),
        ObjectKind.InboundRule => T("Règle entrante", "Inbound rule"),
        ObjectKind.OutboundRule => T("Règle sortante", "Outbound rule"),
        ObjectKind.IvrMenu => T("SVI", "IVR menu"),
        ObjectKind.Queue => T("File d’attente", "Queue"),
        ObjectKind.RingGroup => T("Groupement d’appels", "Ring group"),
        ObjectKind.Announcement => T("Répondeur numérique", "Announcement"),
        ObjectKind.Mailbox => T("Messagerie vocale", "Mailbox"),
        ObjectKind.Prompt => T("Message", "Prompt"),
        ObjectKind.ClosureSwitch => T("Fermeture exceptionnelle", "Exceptional closure"),
        ObjectKind.AgentLogin => T("Connexion d’agent", "Agent log-in"),
    };

    public string KindPlural(ObjectKind kind) => kind switch
    {
        ObjectKind.Settings => SystemSettings,
        ObjectKind.Site => T("Sites", "Sites"),
        ObjectKind.Extension => T("Postes", "Extensions"),
        ObjectKind.Trunk => T("Trunks SIP", "SIP trunks"),
        ObjectKind.InboundRule => T("Règles entrantes", "Inbound rules"),
        ObjectKind.OutboundRule => T("Règles sortantes", "Outbound rules"),
        ObjectKind.IvrMenu => T("SVI", "IVR menus"),
        ObjectKind.Queue => T("Files d’attente", "Queues"),
        ObjectKind.RingGroup => T("Groupements d’appels", "Ring groups"),
        ObjectKind.Announcement => T("Répondeurs numériques", "Announcements"),
        ObjectKind.Mailbox => T("Messageries vocales", "Mailboxes"),
        ObjectKind.Prompt => T("Messages", "Prompts"),
        ObjectKind.ClosureSwitch => T("Fermetures exceptionnelles", "Exceptional closures"),
        ObjectKind.AgentLogin => T("Connexions d’agents", "Agent log-ins"),
    };

    public string DestinationKindName(DestinationKind kind) => kind switch
    {
        DestinationKind.Extension => KindName(ObjectKind.Extension),
        DestinationKind.Queue => KindName(ObjectKind.Queue),
        DestinationKind.RingGroup => KindName(ObjectKind.RingGroup),
        DestinationKind.IvrMenu => KindName(ObjectKind.IvrMenu),
        DestinationKind.Announcement => KindName(ObjectKind.Announcement),
        DestinationKind.Mailbox => KindName(ObjectKind.Mailbox),
        DestinationKind.External => T("Numéro extérieur", "External number"),
        DestinationKind.HangUp => T("Raccrocher", "Hang up"),
    };

    public string Target => T("Vers", "To");
    public string Cause => T("Motif", "Cause");
    public string HangUpCause(string cause) => cause switch
    {
        "busy" => T("occupé", "busy"),
        "unavailable" => T("indisponible", "unavailable"),
        "rejected" => T("refusé", "rejected"),
        _ => T("fin normale", "normal end"),
    };
    public string MissingObject(string key) => T($"{key} (supprimé)", $"{key} (deleted)");
    public string ChooseTarget => T("À choisir", "To be chosen");
    public string TimeRoutes => T("Selon l’horaire", "By time");
    public string WhenClosed => T("Hors heures de bureau", "Outside office hours");
    public string WhenBreak => T("Pendant une pause", "In a break");
    public string WhenHoliday => T("Jour férié", "Public holiday");
    public string AsOpen => T("Comme ouvert", "As when open");
    public string AsClosed => T("Comme hors heures de bureau", "As outside office hours");
    public string ByTheSite => T("Comme réglé sur le site", "As set at the site");
}
