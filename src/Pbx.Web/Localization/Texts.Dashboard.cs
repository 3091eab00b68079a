using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Sites;

namespace Pbx.Web.Localization;

// Dashboard and live views.
public sealed partial class Texts
{
    public string Dashboard => T("Tableau de bord", "Dashboard");
    public string CallsNow => T("appels en cours", "calls in progress");
    public string CallersWaiting => T("appelants en attente", "callers waiting");
    public string DevicesRegistered => T("appareils enregistrés", "devices registered");
    public string TrunksUp => T("trunks en service", "trunks up");
    public string ToDo => T("À traiter", "To do");
    public string NoSites => T("Aucun site. Créez le premier.", "No site. Create the first one.");
    public string NextChangeAt(DateTimeOffset local) => T($"Prochain changement : {local.ToString("f", Culture)}", $"Next change: {local.ToString("f", Culture)}");
    public string SiteStateName(SiteState state) => state switch
    {
        SiteState.Closure => T("Fermeture exceptionnelle", "Exceptional closure"),
        SiteState.Holiday => T("Jour férié", "Public holiday"),
        SiteState.Break => T("Pause", "Break"),
        SiteState.Open => T("Ouvert", "Open"),
        SiteState.Closed => T("Fermé", "Closed"),
    };
    public string ConcernText(string kind, string subject) => kind switch
    {
        "TrunkDown" => T($"Le trunk « {subject} » est hors service.", $"The trunk “{subject}” is down."),
        "Certificate" => subject,
        "NoTrunk" => T("Aucun trunk SIP : personne à l’extérieur n’est joignable.", "No SIP trunk: nobody outside can be reached."),
        "NoMailServer" => T("Aucun serveur de courriel : les messages vocaux attendent dans la boîte d’envoi.", "No mail server: voicemail waits in the outbox."),
        "QueueWithoutAgents" => T($"La file « {subject} » n’a pas d’agent.", $"The queue “{subject}” has no agents."),
        "NoClosurePrompt" => T($"Le site « {subject} » n’a pas de message de fermeture.", $"The site “{subject}” has no closure prompt."),
        _ => subject,
    };
    public string Live => T("En direct", "Live");
    public string LiveCalls => T("Appels en cours", "Calls in progress");
    public string Registrations => T("Enregistrements SIP", "Registrations");
    public string Caller => T("Appelant", "Caller");
    public string Called => T("Appelé", "Called");
    public string Where => T("Où", "Where");
    public string WithWhom => T("Avec", "With");
    public string HangUp => T("Raccrocher", "Hang up");
    public string HungUp => T("Appel terminé.", "Call ended.");
    public string NoCalls => T("Aucun appel en cours.", "No call in progress.");
    public string Device => T("Appareil", "Device");
    public string Address => T("Adresse", "Address");
    public string Phone => T("Téléphone", "Phone");
    public string Expires => T("Expire", "Expires");
    public string AwaitsReconnection => T("attend une reconnexion", "awaits reconnection");
    public string Colon => T(" :", ":");
    public string Encrypted => T("Chiffré", "Encrypted");
    public string InClear => T("En clair", "In clear");
    public string NotConnected => T("Sans connexion", "Not connected");
    public string ProtectionName(LegProtection leg) => (leg.Tls.Length > 0, leg.Srtp.Length > 0) switch
    {
        (true, true) => Encrypted,
        (true, false) => T("voix en clair", "sound in clear"),
        (false, true) => T("signalisation en clair", "signalling in clear"),
        (false, false) => InClear,
    };
    public string ProtectionDetail(LegProtection leg) =>
        $"{(leg.Tls.Length > 0 ? leg.Tls : leg.Transport)} · {(leg.Srtp.Length > 0 ? $"SRTP {leg.Srtp}" : "RTP")}";
    public string RegistrationDetail(LiveRegistration device) => device.Srtp switch
    {
        null => device.Security,
        "" => Joined(device.Security, T("dernier appel : voix en clair", "last call: sound in clear")),
        var srtp => Joined(device.Security, T($"dernier appel : SRTP {srtp}", $"last call: SRTP {srtp}")),
    };
    private static string Joined(string security, string sound) => security.Length > 0 ? $"{security} · {sound}" : sound;
    public string Waiting => T("En attente", "Waiting");
    public string Agents => T("Agents", "Agents");
    public string Answered => T("Répondus", "Answered");
    public string LogIn => T("Connecter", "Log in");
    public string LogOut => T("Déconnecter", "Log out");
    public string LiveCallStateName(LiveCallState state) => state switch
    {
        LiveCallState.Ringing => T("Sonne", "Ringing"),
        LiveCallState.InService => T("En service vocal", "In service"),
        LiveCallState.Talking => T("En conversation", "Talking"),
        LiveCallState.OnHold => T("En garde", "On hold"),
    };
    public string Refusals => T("Appareils refusés", "Devices refused");
    public string LastTime => T("Dernière fois", "Last time");
    public string Ago(string duration) => T($"il y a {duration}", $"{duration} ago");
    public string TimesCount(int times) => T($"{times} fois", times == 1 ? "once" : $"{times} times");
    public string RefusalName(RefusalCause cause) => cause switch
    {
        RefusalCause.InClear => T("En clair", "In clear"),
        RefusalCause.WrongPassword => T("Mot de passe erroné", "Wrong password"),
        RefusalCause.AccountGuarded => T("Compte protégé", "Account guarded"),
        RefusalCause.OtherNumber => T("Autre numéro", "Other number"),
        RefusalCause.TooManyContacts => T("Trop d’enregistrements", "Too many registrations"),
    };
    public string RefusalHelp(RefusalCause cause) => cause switch
    {
        RefusalCause.InClear => T("Ce poste exige TLS et SRTP : réglez l’appareil sur TLS, ou choisissez « Clair admis » pour ce poste.",
            "This extension requires TLS and SRTP: set the device to TLS, or choose “Clear allowed” for this extension."),
        RefusalCause.WrongPassword => T("Ressaisissez le mot de passe dans l’appareil, ou donnez-en un nouveau au poste.",
            "Enter the password in the device again, or give the extension a new one."),
        RefusalCause.AccountGuarded => T("Trop de mots de passe erronés pour ce compte : il est fermé aux adresses inconnues pendant une minute.",
            "Too many wrong passwords for this account: it is closed to unknown addresses for a minute."),
        RefusalCause.OtherNumber => T("L’appareil doit enregistrer le numéro du poste auquel son nom d’utilisateur appartient.",
            "The device must register the number of the extension that its user name belongs to."),
        RefusalCause.TooManyContacts => T("Attendez l’expiration des anciens enregistrements, ou augmentez le maximum dans les réglages du système.",
            "Wait until old registrations expire, or raise the maximum in the system’s settings."),
    };
    public string TrunkStateName(LiveTrunkState state) => state switch
    {
        LiveTrunkState.Unknown => T("Inconnu", "Unknown"),
        LiveTrunkState.Up => T("En service", "Up"),
        LiveTrunkState.Down => T("Hors service", "Down"),
        LiveTrunkState.Disabled => T("Désactivé", "Disabled"),
    };
    public string AgentStateName(AgentState state) => state switch
    {
        AgentState.Free => T("Libre", "Free"),
        AgentState.Ringing => T("Sonne", "Ringing"),
        AgentState.Busy => T("En appel", "In a call"),
        AgentState.WrapUp => T("Post-appel", "Wrap-up"),
        AgentState.Resting => T("Laissé au repos", "Resting"),
        AgentState.LoggedOut => T("Déconnecté", "Logged out"),
        AgentState.OutsideHours => T("Hors heures de bureau", "Outside office hours"),
        AgentState.DoNotDisturb => T("Ne pas déranger", "Do not disturb"),
        AgentState.NotRegistered => T("Hors ligne", "Offline"),
    };
}
