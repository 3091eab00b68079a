using Pbx.Core.Certificates;

namespace Pbx.Web.Localization;

// The certificates of the server, and what a trunk's certificate must be.
public sealed partial class Texts
{
    public string Certificates => T("Certificats", "Certificates");
    public string CertificatesIntro => T(
        "Ce certificat prouve l’identité du serveur aux téléphones (SIP sur TLS), aux navigateurs et au webphone. Un nouveau certificat sert dès la connexion suivante ; aucune connexion n’est coupée.",
        "This certificate proves the server’s identity to phones (SIP over TLS), browsers and the web phone. A new one serves from the next connection on; no connection is cut.");
    public string CertificateServing => T("Certificat en service", "Certificate in service");
    public string CertificateOrigin => T("Origine", "Origin");
    public string CertificateOriginName(CertificateOrigin origin) => origin switch
    {
        Core.Certificates.CertificateOrigin.Own => T("Autorité de ce serveur", "This server’s own authority"),
        Core.Certificates.CertificateOrigin.Uploaded => T("Certificat déposé ici", "Uploaded here"),
        Core.Certificates.CertificateOrigin.Files => T("Fichiers du serveur (certbot, lego…)", "Files on the server (certbot, lego…)"),
    };
    public string CertificateOriginHelp(CertificateOrigin origin) => origin switch
    {
        Core.Certificates.CertificateOrigin.Own => T("Émis et renouvelé automatiquement. Les téléphones et les navigateurs doivent connaître la racine ci-dessus.",
            "Issued and renewed by itself. Phones and browsers must know the root above."),
        Core.Certificates.CertificateOrigin.Uploaded => T("PEM avec toute la chaîne et sa clé privée, ou .pfx. À remplacer à la main avant sa fin.",
            "PEM with the whole chain and its private key, or .pfx. To be replaced by hand before its end."),
        Core.Certificates.CertificateOrigin.Files => T("Fichiers PEM lisibles par le serveur, qu’un autre programme renouvelle : le nouveau certificat sert en quelques secondes.",
            "PEM files that the server can read and another program renews: the new certificate serves within seconds."),
    };
    public string CertificateNames => T("Noms et adresses", "Names and addresses");
    public string CertificateIssuer => T("Émis par", "Issued by");
    public string ValidUntil => T("Valable jusqu’au", "Valid until");
    public string DayAndDaysLeft(DateTimeOffset end, int days) =>
        T($"{end.ToString("D", Culture)} ({days} jours)", $"{end.ToString("D", Culture)} ({days} days)");
    public string RootForPhones => T("Racine pour les téléphones", "Root for phones");
    public string RootForPhonesHelp => T(
        "À importer comme autorité de confiance sur les téléphones, softphones et postes de travail quand le certificat vient de l’autorité de ce serveur. Adresse sans connexion : /certificates/root.pem",
        "To be imported as a trusted authority on phones, softphones and computers when the certificate comes from this server’s own authority. Address without sign-in: /certificates/root.pem");
    public string ServerNames => T("Noms de ce serveur", "Names of this server");
    public string ServerNamesHelp => T("Un nom ou une adresse par ligne, tels que les téléphones les utilisent. Le nom de la machine et ses adresses IPv4 s’ajoutent d’eux-mêmes.",
        "One name or address a line, as phones use them. The machine’s name and its IPv4 addresses are added by themselves.");
    public string CertificateSource => T("Changer de certificat", "Change the certificate");
    public string CertificateFileLabel => T("Certificat et chaîne", "Certificate and chain");
    public string KeyFileLabel => T("Clé privée (si elle est à part)", "Private key (if it is apart)");
    public string KeyPassword => T("Mot de passe de la clé", "Password of the key");
    public string UseCertificate => T("Utiliser ce certificat", "Use this certificate");
    public string CertificateServesNow => T("Enregistré. Les nouvelles connexions reçoivent ce certificat.", "Saved. New connections get this certificate.");
    public string CertificateAlertText(CertificateAlert alert, int days) => alert switch
    {
        CertificateAlert.None => "",
        CertificateAlert.ExpiresSoon => T($"Le certificat du serveur expire dans {days} jours.", $"The server’s certificate ends in {days} days."),
        CertificateAlert.Expired => T("Le certificat du serveur a expiré : téléphones et navigateurs le refusent.", "The server’s certificate has ended: phones and browsers refuse it."),
        CertificateAlert.Unusable => T("Le certificat choisi est inutilisable ; un autre est en service.", "The certificate that was set cannot be used; another one serves."),
        CertificateAlert.RootExpiresSoon => T("L’autorité de ce serveur expire dans moins d’un an : ses téléphones auront besoin d’une nouvelle racine.",
            "This server’s own authority ends within a year: its phones will need a new root."),
    };
    public string TlsAuthorities => T("Autorités de confiance supplémentaires (PEM)", "Further trusted authorities (PEM)");
    public string TlsAuthoritiesHelp => T("Vide : celles du système. À remplir si l’opérateur utilise sa propre autorité.", "Empty: those of the system. For a provider with an authority of its own.");
    public string AcceptsAnyCertificate => T("Exception : accepter n’importe quel certificat", "Exception: take any certificate");
    public string AcceptsAnyCertificateWarning => T(
        "Le certificat et le nom de l’opérateur ne sont pas vérifiés : quiconque se trouve sur le chemin peut se faire passer pour lui, écouter les appels et voler le mot de passe.",
        "The provider’s certificate and name are not checked: anybody on the way can pretend to be it, listen to calls and steal the password.");

    private string? CertificateErrorText(string code, Func<int, string> argument) => code switch
    {
        "certificate-unreadable" => T($"Ce fichier n’est pas un certificat lisible (PEM ou PKCS #12) : {argument(0)}", $"This is no certificate that can be read (PEM or PKCS #12): {argument(0)}"),
        "certificate-password-wrong" => T("La clé privée est chiffrée, et le mot de passe manque ou est faux.", "The private key is encrypted, and the password is missing or wrong."),
        "certificate-key-missing" => T("La clé privée manque : ajoutez son fichier, ou déposez un .pfx qui la contient.", "The private key is missing: add its file, or upload a .pfx that holds it."),
        "certificate-key-mismatch" => T("La clé privée est celle d’un autre certificat.", "The private key belongs to another certificate."),
        "certificate-expired" => T($"Ce certificat a expiré le {argument(0)}.", $"The certificate ended on {argument(0)}."),
        "certificate-not-yet-valid" => T($"Ce certificat n’est valable qu’à partir du {argument(0)}.", $"The certificate is valid from {argument(0)} only."),
        "certificate-chain-incomplete" => T(
            $"Le certificat de son émetteur « {argument(0)} » manque : les téléphones ne pourraient pas le vérifier. Déposez toute la chaîne (fullchain chez certbot et lego).",
            $"The certificate of its issuer “{argument(0)}” is missing: phones could not verify it. Upload the whole chain (certbot and lego call it fullchain)."),
        "certificate-name-missing" => T($"Ce certificat est pour {argument(1)} et non pour « {argument(0)} », qui est un nom de ce serveur.", $"The certificate is for {argument(1)} and not for “{argument(0)}”, which is one of this server’s names."),
        "certificate-weak" => T("Ce certificat est trop faible : RSA d’au moins 2048 bits ou courbe elliptique, signé avec SHA-256 ou mieux.", "The certificate is too weak: use RSA with at least 2048 bits or an elliptic curve, signed with SHA-256 or better."),
        "certificate-not-for-servers" => T("Ce certificat n’est pas fait pour un serveur (usage étendu sans authentification de serveur).", "The certificate is not made for servers (its extended key usage lacks server authentication)."),
        "certificate-file-unreadable" => T($"Le serveur ne peut pas lire le fichier {argument(0)} : {argument(1)}", $"The file {argument(0)} cannot be read by the server: {argument(1)}"),
        "certificate-name-invalid" => T($"« {argument(0)} » n’est ni un nom ni une adresse.", $"“{argument(0)}” is neither a host name nor an address."),
        "certificate-nothing-uploaded" => T("Aucun certificat n’a encore été déposé.", "No certificate has been uploaded yet."),
        "authorities-invalid" => T("Ce n’est pas un certificat au format PEM (-----BEGIN CERTIFICATE-----).", "This is no certificate in PEM form (-----BEGIN CERTIFICATE-----)."),
        _ => null,
    };
}
