using Pbx.Core.Extensions;

namespace Pbx.Web.Localization;

// Extensions and their devices.
public sealed partial class Texts
{
    public string NoExtensions => T("Aucun poste. Ajoutez le premier : ses identifiants SIP vous seront montrés une fois.", "No extension. Add the first one: its SIP credentials are shown once.");
    public string Devices => T("Appareils", "Devices");
    public string AddDevice => T("Ajouter un appareil", "Add a device");
    public string DeviceName => T("Nom de l’appareil", "Device name");
    public string UserName => T("Nom d’utilisateur", "User name");
    public string Digest => T("Authentification", "Authentication");
    public string DigestName(DigestAlgorithms digest) => digest switch
    {
        DigestAlgorithms.Md5 => T("MD5 (tous les téléphones)", "MD5 (every phone)"),
        DigestAlgorithms.Sha256 => T("SHA-256 seul", "SHA-256 only"),
        _ => T("MD5 et SHA-256", "MD5 and SHA-256"),
    };
    public string NewCredentials => T("Nouveau mot de passe", "New password");
    public string CredentialsOf(string name) => T($"Identifiants SIP de {name}", $"SIP credentials of {name}");
    public string CredentialsOnce => T("Notez-les maintenant : ils ne seront plus affichés.", "Note them now: they are not shown again.");
    public string SipServer => T("Serveur SIP", "SIP server");
    public string PhoneTrust => T("Pour TLS, l’appareil doit faire confiance au certificat du serveur :", "For TLS the device must trust the server’s certificate:");
    public string WhenNotAnswered => T("En cas de non-réponse", "When not answered");
    public string RingSeconds => T("Durée de sonnerie (s)", "Ring time (s)");
    public string CreateMailbox => T("Créer sa messagerie vocale", "Create its mailbox");
    public string DoNotDisturb => T("Ne pas déranger", "Do not disturb");
    public string OnNoAnswer => T("Sur non-réponse", "On no answer");
    public string OnBusy => T("Sur occupation", "On busy");
    public string OnNotRegistered => T("Si aucun appareil n’est enregistré", "With no registered device");
    public string OnDoNotDisturb => T("Sur « ne pas déranger »", "On do not disturb");
    public string OtherCases => T("Autres cas", "Other cases");
    public string ItsMailbox => T("Sa messagerie vocale, sinon raccrocher", "Its mailbox, else hang up");
    public string AsBusy => T("Comme occupé", "As busy");
    public string FollowsOfficeHours => T("Suit les heures de bureau de son site", "Follows its site’s office hours");
    public string FollowsOfficeHoursHelp => T("En dehors, ses appels suivent la route ci-dessous et il est déconnecté de ses files d’attente.",
        "Outside them its calls take the route below and it is logged out of its queues.");
    public string PresentedNumber => T("Numéro présenté à l’extérieur", "Number presented outside");
    public string ByTheTrunk => T("Celui du trunk", "That of the trunk");
}
