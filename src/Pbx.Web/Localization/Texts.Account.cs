namespace Pbx.Web.Localization;

// Sign-in, set-up, people and tokens.
public sealed partial class Texts
{
    public string Email => T("Adresse de courriel", "Mail address");
    public string Password => T("Mot de passe", "Password");
    public string CurrentPassword => T("Mot de passe actuel", "Current password");
    public string NewPassword => T("Nouveau mot de passe", "New password");
    public string ChangePassword => T("Changer de mot de passe", "Change password");
    public string ChangePasswordWhy => T("Choisissez un mot de passe que vous êtes seul à connaître, d’au moins 10 caractères.",
        "Choose a password that only you know, of at least 10 characters.");
    public string SignInRefused => T("Adresse ou mot de passe incorrect.", "Address or password is wrong.");
    public string SignInLocked => T("Trop d’essais : ce compte est bloqué quelques minutes.", "Too many tries: this account is locked for a few minutes.");
    public string MyAccount => T("Mon compte", "My account");
    public string BackToConsole => T("Retour à la console", "Back to the console");
    public string SecondFactor => T("Second facteur", "Second factor");
    public string SecondFactorWhy => T("Un code de votre téléphone, demandé après le mot de passe : qui connaît le mot de passe seul n’entre plus.",
        "A code of your telephone, asked for after the password: whoever knows the password alone does not get in.");
    public string SetUpSecondFactor => T("Mettre en place", "Set it up");
    public string ScanThis => T("Photographiez ceci avec une application d’authentification, puis saisissez le code qu’elle affiche.",
        "Scan this with an authenticator app, then enter the code that it shows.");
    public string OrType => T("Ou saisissez-y cette clé :", "Or type this key there:");
    public string AppCode => T("Code à six chiffres de l’application", "Six-digit code of the app");
    public string AppCodeWhy => T("Saisissez le code que votre application d’authentification affiche maintenant.", "Enter the code that your authenticator app shows now.");
    public string RecoveryCode => T("Code de secours", "Recovery code");
    public string RecoveryCodeWhy => T("Saisissez un de vos codes de secours. Il ne servira qu’une fois.", "Enter one of your recovery codes. It is good once.");
    public string UseRecoveryCode => T("Utiliser un code de secours", "Use a recovery code");
    public string UseAppCode => T("Utiliser l’application", "Use the app");
    public string CodeRefused => T("Ce code est faux, trop ancien ou déjà utilisé.", "This code is wrong, too old or used before.");
    public string SecondFactorIsOn => T("Le second facteur est en place.", "The second factor is on.");
    public string RecoveryCodesLeft(int count) => T($"Il reste {count} codes de secours.", $"{count} recovery codes are left.");
    public string RecoveryCodesOnce => T("Gardez ces codes de secours en lieu sûr : chacun vous laisse entrer une fois sans l’application. Ils ne seront plus affichés.",
        "Keep these recovery codes in a safe place: each lets you in once without the app. They are not shown again.");
    public string TurnOn => T("Activer", "Turn on");
    public string TurnOff => T("Désactiver", "Turn off");
    public string TurnOffSecondFactor => T("Ôter le second facteur", "Turn off second factor");
    public string TurnOffSecondFactorWhy(string email) => T($"{email} pourra de nouveau entrer avec son mot de passe seul. Faites-le si son application et ses codes de secours sont perdus. Ses clés d’accès sont retirées aussi.",
        $"{email} will get in with the password alone again. Do it when app and recovery codes are lost. The passkeys are removed too.");
    public string Passkeys => T("Clés d’accès", "Passkeys");
    public string PasskeysWhy => T("Une clé d’accès remplace mot de passe et second facteur : votre téléphone, votre ordinateur ou une clé de sécurité vous reconnaît à son code, à votre doigt ou à votre visage.",
        "A passkey replaces password and second factor: your telephone, your computer or a security key knows you by its PIN, your finger or your face.");
    public string PasskeyFor(string host) => T($"Pour {host}", $"For {host}");
    public string PasskeySince(string since) => T($"Ajoutée le {since}", $"Added {since}");
    public string PasskeyName => T("Nom de la nouvelle clé", "Name of the new passkey");
    public string PasskeyNameExample => T("Mon téléphone", "My telephone");
    public string AddPasskey => T("Ajouter une clé d’accès", "Add a passkey");
    public string PasskeyConfirm => T("Mot de passe vérifié. Confirmez maintenant sur votre appareil.", "Password verified. Now confirm on your device.");
    public string CreatePasskey => T("Créer la clé d’accès", "Create the passkey");
    public string PasskeyNotMade => T("La clé d’accès n’a pas été créée : l’appareil a refusé, tardé, ou en a déjà une pour ce compte. Recommencez.",
        "The passkey was not created: the device refused, took too long, or has one for this account already. Try again.");
    public string SignInWithPasskey => T("Se connecter avec une clé d’accès", "Sign in with a passkey");
    public string PasskeyRefused => T("Cette clé d’accès n’a pas été acceptée : réessayez, ou utilisez votre mot de passe.", "This passkey was not accepted: try again, or use your password.");
    public string PasskeysNeedAHost => T("Pour se connecter avec une clé d’accès, ouvrez la console par un nom d’hôte et en HTTPS : avec une simple adresse IP ou sans chiffrement, les navigateurs n’en offrent pas.",
        "To sign in with a passkey, open the console by a host name and HTTPS: browsers offer none for a bare IP address, or without encryption.");
    public string Sessions => T("Sessions ouvertes", "Signed-in browsers");
    public string UnknownBrowser => T("Navigateur inconnu", "Unknown browser");
    public string ThisSession => T("cette session", "this one");
    public string SessionSince(string since) => T($"Ouverte le {since}", $"Since {since}");
    public string SessionSeen(string seen) => T($"Vue le {seen}", $"Last seen {seen}");
    public string EndSession => T("Fermer", "End");
    public string EndOtherSessions => T("Fermer toutes les autres sessions", "End all other sessions");
    public string EndSessions(int count) => count == 1 ? T("Fermer 1 session", "End 1 session") : T($"Fermer {count} sessions", $"End {count} sessions");
    public string EndSessionsWhy(string email) => T($"{email} devra se reconnecter dans tous ses navigateurs ; ses pages ouvertes se ferment aussitôt.",
        $"{email} will have to sign in again in every browser; open pages close at once.");
    public string SetupTitle => T("Première installation", "First set-up");
    public string SetupIntro => T("Ce système n’a pas encore d’administrateur. Créez le premier compte.", "This system has no administrator yet. Create the first account.");
    public string SetupCode => T("Code d’installation", "Set-up code");
    public string SetupCodeHelp => T("Affiché au démarrage du serveur, et par la commande « pbx setup-code ».", "Shown when the server started, and by the command “pbx setup-code”.");
    public string SetupDo => T("Créer le compte et commencer", "Create the account and begin");
    public string YourName => T("Votre nom", "Your name");
    public string Company => T("Société", "Company");
    public string FirstSite => T("Premier site", "First site");
    public string TimeZone => T("Fuseau horaire", "Time zone");
}
