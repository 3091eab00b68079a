using Pbx.Core.Access;
using Pbx.Core.CallRecords;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Mail;
using Pbx.Core.Settings;

namespace Pbx.Web.Localization;

// Mail, dial codes, settings, call records, people, tokens, audit, document.
public sealed partial class Texts
{
    public string OwnMailbox => T("Ma messagerie", "My mailbox");
    public string NoOwnMailbox => T("Aucune messagerie vocale n’est liée à votre compte.", "No mailbox is linked to your account.");
    public string DatabaseAway => T("La base de données ne répond pas : seul ce qui est en mémoire est affiché.", "The database does not answer: only what is in memory is shown.");
    public string MailAndOutbox => T("Courriel et boîte d’envoi", "Mail and outbox");
    public string MailServer => T("Serveur de courriel", "Mail server");
    public string SmtpHost => T("Serveur SMTP", "SMTP server");
    public string Encryption => T("Chiffrement", "Encryption");
    public string MailSecurityName(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => "STARTTLS",
        MailSecurity.Tls => "TLS",
        MailSecurity.None => T("Aucun (même machine)", "None (same machine)"),
    };
    public string Sender => T("Adresse d’expéditeur", "Sender address");
    public string TestTo => T("Envoyer un essai à", "Send a test to");
    public string SendTest => T("Envoyer l’essai", "Send the test");
    public string Outbox => T("Boîte d’envoi", "Outbox");
    public string OutboxEmpty => T("Aucun courriel.", "No mail.");
    public string Recipient => T("Destinataire", "Recipient");
    public string ServerSaid => T("Réponse du serveur", "The server said");
    public string NextAttempt(DateTimeOffset at, int attempts) => T($"({attempts} essais, prochain {at.ToString("g", Culture)})", $"({attempts} attempts, next {at.ToString("g", Culture)})");
    public string Resend => T("Renvoyer", "Resend");
    public string Resending => T("Envoi relancé.", "Sending again.");
    public string NotNow => T("Impossible maintenant : envoi en cours ou sans destinataire.", "Not now: being sent, or without recipient.");
    public string MailStateName(MailState state) => state switch
    {
        MailState.Waiting => T("En attente", "Waiting"),
        MailState.Sending => T("Envoi en cours", "Sending"),
        MailState.Sent => T("Envoyé", "Sent"),
        MailState.Failed => T("Échec", "Failed"),
        MailState.Uncertain => T("Incertain", "Uncertain"),
        MailState.NoRecipient => T("Sans destinataire", "No recipient"),
    };

    public string DialCodes => T("Codes de service", "Dial codes");
    public string DialCode => T("Code", "Code");
    public string WhatItDoes => T("Ce qu’il fait", "What it does");
    public string Preset => T("Revenir aux codes usuels", "Back to the usual codes");
    public string DialFunctionName(DialFunction function) => function switch
    {
        DialFunction.AgentLogin => T("Se connecter à ses files d’attente", "Log in to one’s queues"),
        DialFunction.AgentLogout => T("Se déconnecter de ses files d’attente", "Log out of one’s queues"),
        DialFunction.Voicemail => T("Écouter sa messagerie vocale", "Hear one’s mailbox"),
        DialFunction.ClosureOn => T("Fermer son site", "Close one’s site"),
        DialFunction.ClosureOff => T("Rouvrir son site", "Reopen one’s site"),
        DialFunction.ClosureUntil => T("Fermer son site jusqu’à une heure", "Close one’s site until a time"),
        DialFunction.EchoTest => T("Test d’écho", "Echo test"),
        DialFunction.SpeakOwnNumber => T("Entendre son numéro", "Hear one’s number"),
        DialFunction.RecordPrompt => T("Enregistrer un message", "Record a prompt"),
    };

    public string EmergencyNumbers => T("Numéros d’urgence, un par ligne", "Emergency numbers, one a line");
    public string EmergencyTrunks => T("Trunks pour les urgences", "Trunks for emergencies");
    public string AllTrunks => T("Tous, celui du site d’abord", "All, the site’s first");
    public string SpeechCommand => T("Commande de synthèse vocale", "Speech command");
    public string SpeechCommandHelp => T("{text} : fichier du texte, {wav} : fichier à écrire, {language} : langue.", "{text}: file with the text, {wav}: file to write, {language}: language.");
    public string MinExpires => T("Enregistrement SIP le plus court (s)", "Shortest registration (s)");
    public string MaxExpires => T("Enregistrement SIP le plus long (s)", "Longest registration (s)");
    public string MaxContacts => T("Enregistrements par poste", "Registrations per extension");
    public string DrainSeconds => T("À l’arrêt, temps laissé aux appels (s)", "When stopping, time left to calls (s)");

    public string CallHistory => T("Journal d’appels", "Call history");
    /// <summary>What came of a mail: the mail server's own words as they are, ours in this language.</summary>
    public string Delivery(string words) => !isFrench ? words
        : DeliveryWords.ReadGivenUp(words) is { } last ? $"Abandonné après {last.Days} jours. {Delivery(last.Words)}" : words
        .Replace(DeliveryWords.NoAnswerInTime, "le serveur n’a pas répondu à temps", StringComparison.Ordinal)
        .Replace(DeliveryWords.ConnectionClosed, "le serveur a fermé la connexion", StringComparison.Ordinal)
        .Replace(DeliveryWords.NoStartTls, "le serveur ne propose pas STARTTLS", StringComparison.Ordinal)
        .Replace(DeliveryWords.CutAfterData, "La connexion a été coupée après l’envoi et avant la réponse du serveur", StringComparison.Ordinal)
        .Replace(DeliveryWords.Interrupted, "Le serveur a été arrêté pendant la remise de ce courriel ; on ne sait pas s’il est arrivé.", StringComparison.Ordinal);
    public string TrunkDetail(string words) => !isFrench ? words : words
        .Replace(TrunkWords.NotWatched, "non surveillé", StringComparison.Ordinal)
        .Replace(TrunkWords.CallUnanswered, "un appel est resté sans réponse", StringComparison.Ordinal)
        .Replace(TrunkWords.TransportInClear, "le chiffrement est exigé et son transport n’est pas TLS", StringComparison.Ordinal)
        .Replace(TrunkWords.NoListener, "son transport n’est pas écouté ici", StringComparison.Ordinal)
        .Replace(TrunkWords.NoAddress, "n’a pas d’adresse", StringComparison.Ordinal)
        .Replace(TrunkWords.NoConnection, "pas de connexion à", StringComparison.Ordinal)
        .Replace(TrunkWords.NoAnswerTo, "pas de réponse à", StringComparison.Ordinal)
        .Replace(TrunkWords.OutOfService, "hors service", StringComparison.Ordinal)
        .Replace(TrunkWords.PasswordRefused, "identifiant ou mot de passe refusé", StringComparison.Ordinal)
        .Replace(TrunkWords.RegisterRefused, "enregistrement refusé :", StringComparison.Ordinal)
        .Replace(TrunkWords.RegisterFailed, "échec de l’enregistrement :", StringComparison.Ordinal)
        .Replace(TrunkWords.RegisteredFor, "enregistré pour", StringComparison.Ordinal)
        .Replace(TrunkWords.Answers, "répond", StringComparison.Ordinal)
        .Replace(TrunkWords.CertificateUnchecked, "certificat non vérifié", StringComparison.Ordinal);
    public string ChooseDocument => T("Choisir un document…", "Choose a document…");
    public string NoRecordsYet => T("Aucun appel pour l’instant. Chaque appel apparaît ici avec son parcours.", "No call yet. Every call appears here with its journey.");
    public string ExportRecords => T("Exporter (CSV)", "Export (CSV)");
    public string NoRecords => T("Aucun appel ne correspond.", "No call matches.");
    public string NumberOrName => T("Numéro ou nom", "Number or name");
    public string Direction => T("Sens", "Direction");
    public string AllDirections => T("Tous les sens", "All directions");
    public string Outcome => T("Résultat", "Outcome");
    public string AllOutcomes => T("Tous les résultats", "All outcomes");
    public string Day => T("Jour", "Day");
    public string Running => T("En cours", "In progress");
    public string NoJourney => T("Aucun détail.", "No detail.");
    public string DirectionName(CallDirection direction) => direction switch
    {
        CallDirection.Inbound => T("Entrant", "Inbound"),
        CallDirection.Outbound => T("Sortant", "Outbound"),
        CallDirection.Internal => T("Interne", "Internal"),
    };
    public string OutcomeName(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Unfinished => T("Interrompu", "Unfinished"),
        CallOutcome.Answered => T("Répondu", "Answered"),
        CallOutcome.Message => T("Message laissé", "Message left"),
        CallOutcome.Abandoned => T("Abandonné", "Abandoned"),
        CallOutcome.Service => T("Service vocal", "Service"),
        CallOutcome.Failed => T("Non abouti", "Failed"),
    };
    public string WithoutRule => T("Sans règle entrante", "No inbound rule");
    public string WithoutRuleHelp => T("Aucune règle entrante ne connaît ce numéro : l’appel a suivi la destination par défaut du trunk.",
        "No inbound rule knows this number: the call took the trunk's default destination.");
    public string QualityLine(LegQuality leg) => T(
        $"Branche {leg.Leg} : {leg.Codec}, {leg.PacketsReceived} paquets reçus, {leg.PacketsLost} perdus, gigue {leg.JitterMilliseconds.ToString("0.0", Culture)} ms",
        $"Leg {leg.Leg}: {leg.Codec}, {leg.PacketsReceived} packets received, {leg.PacketsLost} lost, jitter {leg.JitterMilliseconds.ToString("0.0", Culture)} ms");

    public string Users => T("Utilisateurs", "Users");
    public string User => T("Utilisateur", "User");
    public string Role => T("Rôle", "Role");
    public string RoleName(string role) => role switch
    {
        Roles.Administrator => T("Administrateur", "Administrator"),
        Roles.Receptionist => T("Standardiste", "Receptionist"),
        Roles.User => T("Utilisateur", "User"),
        _ => role,
    };
    public string Active => T("Actif", "Active");
    public string Disabled => T("Désactivé", "Disabled");
    public string LockedOut => T("Bloqué", "Locked out");
    public string Enable => T("Activer", "Enable");
    public string Disable => T("Désactiver", "Disable");
    public string ResetPassword => T("Nouveau mot de passe", "New password");
    public string PasswordOf(string email) => T($"Mot de passe de {email}", $"Password of {email}");
    public string PasswordGenerated => T("Vide : un mot de passe est créé, à changer à la première connexion.", "Empty: one is generated, to be changed at the first sign-in.");
    public string DeleteUserText => T("Ce compte ne pourra plus se connecter.", "This account can no longer sign in.");
    public string ApiToken => T("Jeton d’API", "API token");
    public string ApiTokens => T("Jetons d’API", "API tokens");
    public string TokensIntro => T("Un programme s’identifie par l’en-tête « Authorization: Bearer … ». Description de l’API :", "A program identifies itself by the header “Authorization: Bearer …”. Description of the API:");
    public string CreateToken => T("Créer un jeton", "Create a token");
    public string CreatedBy => T("Créé par", "Created by");
    public string Revoke => T("Révoquer", "Revoke");
    public string RevokeText => T("Les programmes qui l’utilisent n’auront plus accès.", "Programs that use it lose access at once.");
    public string Audit => T("Journal d’audit", "Audit log");
    public string Who => T("Qui", "Who");
    public string What => T("Quoi", "What");
    public string Change => T("Modification", "Change");
    public string Created => T("Créé", "Created");
    public string RemovedWord => T("Supprimé", "Removed");
    public string Changed(IEnumerable<string> fields) => T($"Modifié : {string.Join(", ", fields)}", $"Changed: {string.Join(", ", fields)}");
    public string SourceName(ChangeSource source) => source switch
    {
        ChangeSource.Console => T("console", "console"),
        ChangeSource.Api => T("API", "API"),
        ChangeSource.Phone => T("téléphone", "phone"),
        ChangeSource.System => T("système", "system"),
    };
    public string ConfigurationDocument => T("Configuration", "Configuration");
    public string Export => T("Exporter", "Export");
    public string ExportHelp => T("Toute la configuration en un document JSON.", "The whole configuration as one JSON document.");
    public string WithSecrets => T("Avec les mots de passe et codes PIN en clair", "With passwords and PINs in clear");
    public string WithAudio => T("Avec les sons déposés ou enregistrés", "With uploaded and recorded sounds");
    public string Download => T("Télécharger", "Download");
    public string ApplyDocument => T("Appliquer un document", "Apply a document");
    public string ApplyHelp => T("Les différences sont montrées avant. Ce que le document ne contient pas est supprimé ; les secrets absents sont gardés.",
        "The differences are shown first. What the document lacks is removed; secrets that it lacks are kept.");
    public string DocumentMistakes(int count) => T($"{count} erreurs ; rien n’a été changé.", $"{count} mistakes; nothing was changed.");
    public string NothingChanges => T("Ce document ne change rien.", "This document changes nothing.");
    public string Apply => T("Appliquer", "Apply");
}
