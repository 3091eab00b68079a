using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Core.Sites;

namespace Pbx.Web.Localization;

// Sites, trunks, rules, menus, queues, groups, announcements, mailboxes, prompts.
public sealed partial class Texts
{
    public string NoTrunks => T("Aucun trunk SIP. Ajoutez celui de votre opérateur.", "No SIP trunk. Add the one of your provider.");
    public string NoInboundRules => T("Aucune règle entrante : les appels suivent la route par défaut de leur trunk.", "No inbound rule: calls take the default route of their trunk.");
    public string NoOutboundRules => T("Aucune règle sortante : seuls les numéros internes et d’urgence passent.", "No outbound rule: only internal and emergency numbers pass.");
    public string NoIvrMenus => T("Aucun SVI. Un SVI lit un message et mène l’appelant d’une touche au bon service : écrivez d’abord son message.", "No IVR menu. A menu plays a prompt and leads the caller by a key: write its prompt first.");
    public string NoQueues => T("Aucune file d’attente. Les appelants y attendent qu’un agent réponde : ajoutez-en une par service.", "No queue. Callers wait there until an agent answers: add one for each service.");
    public string NoRingGroups => T("Aucun groupement d’appels. Il fait sonner plusieurs postes sans faire attendre, ensemble ou l’un après l’autre.", "No ring group. It rings several extensions, together or one after the other, without waiting.");
    public string NoAnnouncements => T("Aucun répondeur numérique. Il lit un message, puis mène l’appel ailleurs ou raccroche.", "No announcement. It plays a prompt, then leads the call elsewhere or hangs up.");
    public string NoMailboxes => T("Aucune messagerie vocale. Elle enregistre les messages et les envoie par courriel.", "No mailbox. It records messages and sends them by mail.");
    public string NoPrompts => T("Aucun message. Écrivez un texte : il sera lu à voix haute.", "No prompt. Write a text: it will be spoken.");

    public string StandardNumber => T("Numéro du standard", "Standard number");
    public string Country => T("Pays (code ISO)", "Country (ISO code)");
    public string OfficeHours => T("Heures de bureau", "Office hours");
    public string AlwaysOpen => T("Sans horaire : toujours ouvert", "No hours: always open");
    public string IntervalCount(int count) => T($"{count} plages par semaine", $"{count} intervals a week");
    public string Break => T("Pause", "Break");
    public string Hours => T("Plage", "Hours");
    public string MondayToFriday => T("Copier le lundi du mardi au vendredi", "Copy Monday to Tuesday to Friday");
    public string PublicHolidays => T("Jours fériés", "Public holidays");
    public string ComputedHolidays => T("Jours fériés calculés", "Computed holidays");
    public string PublicHolidaysName(PublicHolidays set) => set switch
    {
        Core.Sites.PublicHolidays.None => T("Aucun", "None"),
        Core.Sites.PublicHolidays.France => T("France (11 jours)", "France (11 days)"),
        Core.Sites.PublicHolidays.FranceAlsaceMoselle => T("France, Alsace-Moselle (13 jours)", "France, Alsace-Moselle (13 days)"),
    };
    public string ComputedOf(int year) => T($"Jours fériés calculés de {year}", $"Computed holidays of {year}");
    public string OwnHolidays => T("Jours propres au site", "The site’s own days");
    public string AddHoliday => T("Ajouter un jour", "Add a day");
    public string NewHoliday => T("Nouveau jour", "New day");
    public string FirstDay => T("Premier jour", "First day");
    public string LastDay => T("Dernier jour", "Last day");
    public string FromTime => T("À partir de", "From");
    public string UntilTime => T("Jusqu’à", "Until");
    public string EveryYear => T("Chaque année", "Every year");
    public string ItsTreatment => T("Où vont les appels ce jour-là", "Where calls go on this day");
    public string ImportCalendar => T("Importer un calendrier (.ics)", "Import a calendar (.ics)");
    public string HolidaysImported(int count, int mistakes) => mistakes == 0
        ? T($"{count} jours importés. Enregistrez pour les garder.", $"{count} days imported. Save to keep them.")
        : T($"{count} jours importés, {mistakes} illisibles.", $"{count} days imported, {mistakes} unreadable.");
    public string OnHoliday => T("Appels un jour férié", "Calls on a public holiday");
    public string ClosureAnnouncement => T("Le message de fermeture", "The closure announcement");
    public string ClosurePrompt => T("Message de fermeture", "Closure prompt");
    public string ClosureMailbox => T("Puis messagerie vocale", "Then mailbox");
    public string DefaultDestination => T("Route de secours du site", "The site’s default route");
    public string DefaultDestinationHelp => T("Pour un appel dont l’étape suivante a été supprimée.", "For a call whose next step was deleted.");

    public string Host => T("Serveur de l’opérateur", "Provider’s server");
    public string Port => T("Port", "Port");
    public string Transport => T("Transport", "Transport");
    public string TrunkKind => T("Type", "Kind");
    public string TrunkRegisters => T("Par enregistrement chez l’opérateur", "By registration at the provider");
    public string TrunkByAddress => T("Par adresse IP", "By IP address");
    public string Enabled => T("Activé", "Enabled");
    public string Numbers => T("Numéros directs (SDA)", "Direct numbers (DIDs)");
    public string NumbersHelp => T("Un par ligne, au format international, comme +33140000000.", "One a line, in E.164, such as +33140000000.");
    public string UnmatchedTo => T("Appels sans règle entrante", "Calls without inbound rule");
    public string AuthenticationName => T("Nom d’authentification", "Authentication name");
    public string Domain => T("Domaine", "Domain");
    public string ExpiresSeconds => T("Durée d’enregistrement demandée (s)", "Registration interval (s)");
    public string CallSecurity => T("Chiffrement (TLS et SRTP)", "Encryption (TLS and SRTP)");
    public string TrunkStopped => T("Arrêté : TLS exigé", "Stopped: TLS required");
    public string CallSecurityHelp => T("« Chiffré seulement » : le trunk ne sert qu’en TLS et toute voix en clair est refusée. Le réglage du système peut être plus strict.",
        "“Encrypted only”: the trunk is used over TLS alone, and sound in clear is refused. The system’s setting may be stricter.");
    public string ExtensionSecurityHelp => T("« Chiffré seulement » : ses appareils s’enregistrent en TLS et parlent en SRTP, sinon ils sont refusés. Choisissez « Clair admis » pour un téléphone qui ne sait pas chiffrer.",
        "“Encrypted only”: its devices register over TLS and talk by SRTP, or are refused. Choose “Clear allowed” for a phone that cannot encrypt.");
    public string CallSecurityOfAll => T("Chiffrement exigé de tous les postes et trunks", "Encryption required of all extensions and trunks");
    public string CallSecurityOfAllHelp => T("Le minimum pour tout le système ; un poste ou un trunk peut être plus strict.", "The least for the whole system; an extension or a trunk may be stricter.");
    public string CallSecurityName(CallSecurity security) => security switch
    {
        Core.Common.CallSecurity.ClearAllowed => T("Clair admis", "Clear allowed"),
        Core.Common.CallSecurity.Preferred => T("Chiffré de préférence", "Encrypted if possible"),
        Core.Common.CallSecurity.EncryptedOnly => T("Chiffré seulement", "Encrypted only"),
    };
    public string CutOffTitle => T("Couper ces appareils ou ces trunks ?", "Cut these devices or trunks off?");
    public string CutOffText(CutOffCause cause, int count) => cause switch
    {
        CutOffCause.InClear => T(
            $"{count} appareil(s) enregistré(s) en clair ne pourront plus s’enregistrer ni appeler :",
            $"{count} device(s) registered in clear will no longer be able to register or to call:"),
        CutOffCause.ClearSound => T(
            $"{count} appareil(s) enregistré(s) en TLS, mais dont la voix était en clair (sans SRTP) au dernier appel, ne pourront plus appeler ni être appelés :",
            $"{count} device(s) registered over TLS, but whose sound was in clear (no SRTP) in the last call, will no longer be able to call or to be called:"),
        CutOffCause.SoundNotKnown => T(
            $"{count} appareil(s) dont on ne sait pas encore s’ils chiffrent la voix : aucun appel ne l’a montré depuis le démarrage du serveur. Sans SRTP, ils ne pourront plus appeler ni être appelés :",
            $"{count} device(s) of which it is not known yet whether they encrypt sound: no call has shown it since the server’s start. Without SRTP they will no longer be able to call or to be called:"),
    };
    public string CutOffTrunkText(CutOffCause cause, int count) => cause switch
    {
        CutOffCause.InClear => T(
            $"{count} trunk(s) dont le transport est en clair (UDP ou TCP) seront arrêtés : ni enregistrement, ni appel entrant ou sortant. Choisissez TLS si l’opérateur le propose :",
            $"{count} trunk(s) whose transport is in clear (UDP or TCP) will be stopped: no registration, no call in or out. Choose TLS if the provider has it:"),
        CutOffCause.ClearSound => T(
            $"{count} trunk(s) dont la voix était en clair (sans SRTP) au dernier appel ne prendront plus d’appel, ni entrant ni sortant :",
            $"{count} trunk(s) whose sound was in clear (no SRTP) in the last call will take no more calls, neither in nor out:"),
        CutOffCause.SoundNotKnown => T(
            $"{count} trunk(s) dont on ne sait pas encore si l’opérateur chiffre la voix : aucun appel ne l’a montré depuis le démarrage du serveur. Sans SRTP, ils ne prendront plus d’appel :",
            $"{count} trunk(s) of which it is not known yet whether the provider encrypts sound: no call has shown it since the server’s start. Without SRTP they will take no more calls:"),
    };
    public string AndMore(int count) => T($"et {count} de plus", $"and {count} more");
    public string SaveAnyway => T("Enregistrer quand même", "Save anyway");
    public string QualifySeconds => T("Vérification toutes les (s)", "Check every (s)");
    public string MaxCalls => T("Appels simultanés (0 : sans limite)", "Calls at once (0: no limit)");
    public string SourceAddresses => T("Autres adresses de l’opérateur, une par ligne", "Further addresses of the provider, one a line");
    public string SecretKept => T("Enregistré. Écrivez pour le remplacer.", "Stored. Write to replace it.");

    public string CalledNumber => T("Numéro appelé", "Called number");
    public string CallerNumber => T("Numéro de l’appelant", "Caller’s number");
    public string CalledHelp => T("Exact (+33140000000), début (+331400*) ou * pour tous.", "Exact (+33140000000), beginning (+331400*) or * for any.");
    public string AnyNumber => T("Tous", "Any");
    public string AnyTrunk => T("Tous les trunks", "Any trunk");
    public string RuleSiteHelp => T("Ses fermetures, jours fériés et heures de bureau décident.", "Its closures, holidays and office hours decide.");
    public string RuleOrder => T("Ordre de décision : fermeture exceptionnelle, jour férié, pause, heures de bureau.", "Order of decision: exceptional closure, holiday, break, office hours.");
    public string WhenOpen => T("Pendant les heures de bureau", "In office hours");
    public string Pattern => T("Numéro composé", "Dialled pattern");
    public string PatternHelp => T("X : un chiffre, Z : 1 à 9, N : 2 à 9, * final : la suite.", "X: any digit, Z: 1 to 9, N: 2 to 9, a final *: the rest.");
    public string Priority => T("Priorité", "Priority");
    public string PriorityHelp => T("La plus petite passe d’abord.", "The lowest goes first.");
    public string TrunksInOrder => T("Trunks, dans l’ordre d’essai", "Trunks, in the order tried");
    public string AddTrunk => T("Ajouter un trunk", "Add a trunk");
    public string OfTheExtension => T("Celui du poste", "That of the extension");
    public string Strip => T("Chiffres retirés au début", "Digits taken from the front");
    public string Prepend => T("Ajouté devant", "Put in front");
    public string WhoMayUseIt => T("Qui peut l’utiliser", "Who may use it");

    public string Keys => T("Touches", "Keys");
    public string Key => T("Touche", "Key");
    public string Meaning => T("Signification", "Meaning");
    public string LeadsTo => T("Mène à", "Leads to");
    public string AddKey => T("Ajouter une touche", "Add a key");
    public string DialNumbers => T("Les numéros internes peuvent être composés dans le menu", "Internal numbers may be dialled in the menu");
    public string NoKeyPressed => T("Aucune touche", "No key");
    public string WrongKey => T("Mauvaise touche", "Wrong key");
    public string TimeoutSeconds => T("Attente après le message (s)", "Wait after the prompt (s)");
    public string Repeats => T("Répétitions du message", "Repeats of the prompt");
    public string ThenGoTo => T("Ensuite", "Then");
    public string MaxInvalid => T("Erreurs permises", "Wrong keys allowed");
    public string InvalidPrompt => T("Message d’erreur", "Prompt for a wrong key");
    public string BuiltInMusic => T("Celle fournie", "The built-in one");
    public string BuiltIn => T("Celui du système", "The built-in one");
    public string InterDigitSeconds => T("Attente entre deux chiffres (s)", "Wait between digits (s)");

    public string Strategy => T("Ordre de sonnerie", "Ring order");
    public string StrategyName(RingStrategy strategy) => strategy switch
    {
        RingStrategy.InOrder => T("Dans l’ordre", "In order"),
        RingStrategy.RandomStart => T("Dans l’ordre, départ au hasard", "In order, random start"),
        RingStrategy.RingAll => T("Tous ensemble", "Ring all"),
        RingStrategy.RoundRobin => T("À tour de rôle", "Round robin"),
        RingStrategy.LongestIdle => T("Inactif depuis le plus longtemps", "Longest idle"),
        RingStrategy.FewestAnswered => T("Le moins d’appels répondus", "Fewest answered"),
        RingStrategy.ByTier => T("Par niveau de priorité", "By tier"),
    };
    public string RingModeName(RingMode mode) => mode switch
    {
        RingMode.Together => T("Tous ensemble", "Ring all"),
        RingMode.InOrder => T("Dans l’ordre", "In order"),
    };
    public string AgentsInOrder => T("Agents, dans l’ordre", "Agents, in order");
    public string NoAgents => T("Aucun agent", "No agent");
    public string TierOf(string name) => T($"Niveau de {name}", $"Tier of {name}");
    public string Members => T("Membres", "Members");
    public string AgentRingSeconds => T("Sonnerie par agent (s)", "Ring time per agent (s)");
    public string MaxWaitSeconds => T("Attente maximale (s)", "Longest wait (s)");
    public string RetrySeconds => T("Pause après non-réponse (s)", "Pause after no answer (s)");
    public string WhatCallersHear => T("Ce que les appelants entendent", "What callers hear");
    public string IntroPrompt => T("Message d’entrée", "Intro");
    public string WaitingPrompt => T("Message d’attente", "Waiting message");
    public string WaitingEverySeconds => T("Répété toutes les (s)", "Repeated every (s)");
    public string MusicOnHold => T("Musique d’attente", "Music on hold");
    public string OfTheSystem => T("Celle du système", "That of the system");
    public string WrapUpSeconds => T("Post-appel (s)", "Wrap-up (s)");
    public string QueuePriority => T("Priorité entre files", "Priority across queues");
    public string MaxCallers => T("Appelants en attente (0 : sans limite)", "Callers waiting (0: no limit)");
    public string WaitWithoutAgents => T("Attendre même sans agent connecté", "Wait even with no agent logged in");
    public string ExitKey => T("Touche pour quitter la file", "Key to leave the queue");
    public string OnExit => T("La touche mène à", "The key leads to");
    public string SkipKey => T("Touche pour passer", "Key to skip");

    public string Greeting => T("Message d’accueil", "Greeting");
    public string StandardGreeting => T("Message standard", "The standard one");
    public string Pin => T("Code PIN", "PIN");
    public string PinOf(string name) => T($"Code PIN de {name}", $"PIN of {name}");
    public string PinGenerated => T("Vide : un code est créé.", "Empty: one is generated.");
    public string MailedTo => T("Envoyé par courriel à", "Mailed to");
    public string MailQueues => T("Agents de ces files d’attente", "Agents of these queues");
    public string MailExtensions => T("Titulaires de ces postes", "Owners of these extensions");
    public string MailAddresses => T("Autres adresses, une par ligne", "Further addresses, one a line");
    public string Attachment => T("Pièce jointe", "Attachment");
    public string MinSeconds => T("Durée minimale (s)", "Shortest message (s)");
    public string MaxSeconds => T("Durée maximale (s)", "Longest message (s)");
    public string SilenceSeconds => T("Silence qui termine (s)", "Silence that ends it (s)");
    public string MaxMessages => T("Messages gardés au plus", "Most messages kept");
    public string MessagesOf => T("Messages reçus", "Messages");
    public string NoMessages => T("Aucun message.", "No message.");
    public string NewMessage => T("Nouveau", "New");
    public string MarkHeard => T("Marquer comme écouté", "Mark as heard");
    public string MarkNew => T("Marquer comme nouveau", "Mark as new");
    public string Withheld => T("Numéro masqué", "Withheld number");

    public string Origin => T("Origine", "Origin");
    public string SpokenFromText => T("Lu par la synthèse vocale", "Spoken from text");
    public string Recorded => T("Fichier ou enregistrement", "Upload or recording");
    public string Text => T("Texte", "Text");
    public string TextToSpeak => T("Texte à lire", "Text to speak");
    public string TextHeard => T("Ce qu’on y entend (pour mémoire)", "What it says (for the record)");
    public string UploadAfterSaving => T("Enregistrez d’abord ; le fichier se dépose ensuite.", "Save first; the file is uploaded next.");
    public string Sound => T("Son", "Sound");
    public string NoSound => T("Pas encore de son.", "No sound yet.");
    public string UploadSound => T("Déposer un fichier WAV, MP3 ou OGG", "Upload a WAV, MP3 or OGG file");
}
