using Pbx.Core.Common;
using Pbx.Core.Snapshot;

namespace Pbx.Web.Localization;

// What went wrong, by the code of the error and its arguments. A test reads the codes out of the core's sources and asks for each here.
public sealed partial class Texts
{
    /// <summary>An error in words; an unknown code shows the error's own English sentence.</summary>
    public string Error(PbxError error)
    {
        var arguments = new ErrorArguments(this, error.Arguments);
        return AccessError(error.Code, arguments) ?? StoreError(error.Code, arguments) ?? NumberError(error.Code, arguments)
            ?? FieldError(error.Code, arguments) ?? SoundError(error.Code, arguments)
            ?? CertificateErrorText(error.Code, index => arguments[index]) ?? error.Message;
    }


    /// <summary>An object in words, from its written form (<c>queue:support</c>), a destination's, or a path's (<c>queues/support/agents/0</c>).</summary>
    internal string Written(string name)
    {
        if (Destination.TryParse(name, out var destination)) return Quoted(DestinationKindName(destination.Kind), destination.Value);
        if (ObjectRef.TryParse(name, out var known)) return Quoted(known);
        var parts = name.Split('/');
        if (parts[0] == References.PathOf(new ObjectRef(ObjectKind.Settings, ""))) return SystemSettings;
        return parts.Length > 1 && KindOfSection(parts[0], parts[1]) is { } owner ? Quoted(owner) : name;
    }

    private static ObjectRef? KindOfSection(string section, string key) => Enum.GetValues<ObjectKind>().Select(kind => new ObjectRef(kind, key))
        .Where(name => References.PathOf(name) == $"{section}/{key}").Select(name => (ObjectRef?)name).FirstOrDefault();

    private string Quoted(ObjectRef name) => name.Kind == ObjectKind.Settings ? SystemSettings : Quoted(KindName(name.Kind), name.Key);

    private string Quoted(string kind, string key) => key.Length == 0 ? kind : T($"{kind} « {key} »", $"{kind} “{key}”");

    private string? AccessError(string code, ErrorArguments a) => code switch
    {
        "forbidden" => Forbidden,
        "email-taken" => T("Cette adresse est déjà utilisée.", "This address is already in use."),
        "email-invalid" => T("Ce n’est pas une adresse de courriel : écrivez-la comme nom@exemple.fr.", "This is not a mail address: write it as name@example.com."),
        "password-weak" => T("Mot de passe trop faible : au moins 10 caractères, et pas toujours le même.", "Password too weak: at least 10 characters, and not always the same."),
        "code-wrong" => T("Ce code est faux ou trop ancien. Saisissez celui que l’application affiche maintenant.", "This code is wrong or too old. Enter the one that the app shows now."),
        "already-on" => T("Le second facteur est déjà en place.", "The second factor is on already."),
        "passkeys-full" => T($"Il y a déjà {a[0]} clés d’accès : retirez-en d’abord une.", $"There are {a[0]} passkeys already: remove one first."),
        "password-wrong" => T("Le mot de passe actuel n’est pas le bon.", "The current password is wrong."),
        "role-unknown" => T($"Le rôle « {a[0]} » n’existe pas.", $"There is no role “{a[0]}”."),
        "extension-unknown" => T($"Le poste « {a[0]} » n’existe pas.", $"There is no extension “{a[0]}”."),
        "last-administrator" => T("C’est le dernier administrateur actif : créez-en d’abord un autre.", "This is the last enabled administrator: make another one first."),
        "setup-code-wrong" => T("Ce code d’installation n’est pas le bon. Il est affiché au démarrage du serveur et écrit dans son dossier de données.",
            "This set-up code is not right. It is printed when the server starts, and written in its data directory."),
        "too-many-tries" => T("Trop d’essais : attendez une minute.", "Too many tries: wait a minute."),
        "already-claimed" => T("Ce système a déjà un administrateur : connectez-vous, ou demandez-lui.", "This system has an administrator already: sign in, or ask that one."),
        "refused" => T("La modification a été refusée.", "The change was refused."),
        _ => null,
    };

    private string? StoreError(string code, ErrorArguments a) => code switch
    {
        "conflict" => a[1].Length == 0 ? Conflict : ConflictWith(a[1]),
        "database-unavailable" => T("La base de données ne répond pas : rien n’a été enregistré. Les appels continuent.",
            "The database does not answer: nothing was saved. Calls go on."),
        "not-found" => a[0].Length == 0 ? Gone : T($"N’existe pas ou plus : {a.Object(0)}.", $"Not there, or no longer: {a.Object(0)}."),
        "key-taken" => T($"Existe déjà : {a.Object(0)}. Choisissez un autre nom.", $"Exists already: {a.Object(0)}. Choose another name."),
        "settings-needed" => T("Les paramètres du système ne peuvent pas être supprimés.", "The system settings cannot be removed."),
        "in-use" => T($"Encore utilisé : {a.Object(0)}, par {a.ObjectsFrom(1)}.", $"Still in use: {a.Object(0)}, by {a.ObjectsFrom(1)}."),
        "reference-missing" when a[0].EndsWith(':') => T($"À choisir : {a.Object(0)}.", $"To be chosen: {a.Object(0)}."),
        "reference-missing" => T($"N’existe pas : {a.Object(0)}. Choisissez autre chose, ou créez-le d’abord.",
            $"Does not exist: {a.Object(0)}. Choose another, or create it first."),
        "loop" => T($"Un appel pourrait tourner sans fin et sans attendre : {a.Way(0)}. Faites mener l’un d’eux ailleurs.",
            $"A call could go round for ever without waiting: {a.Way(0)}. Let one of them lead elsewhere."),
        "document-missing" => T($"Il manque « {a[0]} ».", $"“{a[0]}” is missing."),
        "document-twice" => T($"« {a[0]} » figure plusieurs fois.", $"“{a[0]}” is there more than once."),
        "document-unknown" => T($"« {a[0]} » n’est pas connu ici.", $"{a.Given(0)} is not known here."),
        "document-wrong" => T($"Valeur refusée : {a[0]}", $"Value refused: {a[0]}"),
        "document-syntax" => T($"Ce n’est pas du JSON valable : {a[0]}", $"This is no valid JSON: {a[0]}"),
        _ => null,
    };

    private string? NumberError(string code, ErrorArguments a) => code switch
    {
        "number-invalid" => T($"{a.Given(0)} n’est pas un numéro interne : 1 à 15 chiffres.", $"{a.Given(0)} is no internal number: use 1 to 15 digits."),
        "emergency-number-invalid" => T($"{a.Given(0)} n’est pas un numéro d’urgence : 2 à 15 chiffres.", $"{a.Given(0)} is no emergency number: use 2 to 15 digits."),
        "dial-code-invalid" => T($"{a.Given(0)} n’est pas un code de service : 2 à 15 signes parmi 0-9, * et #.", $"{a.Given(0)} is no dial code: use 2 to 15 of 0-9, * and #."),
        "number-taken" => T($"Le numéro {a[0]} est déjà pris ({a.Owner(1)}) : choisissez-en un autre.", $"The number {a[0]} is taken already ({a.Owner(1)}): choose another."),
        "public-number-invalid" => T($"{a.Given(0)} n’est pas un numéro public : écrivez-le au format international, comme +33140000000.",
            $"{a.Given(0)} is no public number: write it in E.164, such as +33140000000."),
        "external-invalid" => T($"{a.Given(0)} ne peut pas être composé : écrivez le numéro en chiffres, comme +33140000000.",
            $"{a.Given(0)} cannot be dialled: write the number in digits, such as +33140000000."),
        "pattern-invalid" => T($"{a.Given(0)} ne correspond à aucun numéro : écrivez un numéro comme +33140000000, ou un début suivi d’une étoile comme +331400*.",
            $"{a.Given(0)} matches no number: write one such as +33140000000, or a beginning with a star such as +331400*."),
        "dialled-pattern-invalid" => T($"{a.Given(0)} n’est pas un modèle : chiffres, +, X (tout chiffre), Z (1 à 9), N (2 à 9) et une étoile finale.",
            $"{a.Given(0)} is no pattern: use digits, +, X (any digit), Z (1 to 9), N (2 to 9) and a final star."),
        "prepend-invalid" => T($"{a.Given(0)} ne peut pas être composé : chiffres, * et #, avec + seulement au début.",
            $"{a.Given(0)} cannot be dialled: use digits, * and #, with + in front only."),
        "steps-missing" => T("La règle ne nomme aucun trunk : ajoutez-en au moins un.", "The rule names no trunk: add at least one."),
        "key-pressed-invalid" => T($"{a.Given(0)} n’est pas une touche de téléphone : 0-9, * et #.", $"{a.Given(0)} is no telephone key: use 0-9, * and #."),
        "menu-key-twice" => T($"La touche {a[0]} est utilisée deux fois : retirez-en une.", $"The key {a[0]} is used twice: remove one."),
        "hangup-cause-unknown" => T($"« {a[0]} » n’est pas une façon de raccrocher.", $"{a.Given(0)} is no way to hang up."),
        "user-name-taken" => T($"L’identifiant « {a[0]} » est déjà celui d’un appareil du poste {a[1]} : choisissez-en un autre.",
            $"The user name “{a[0]}” is taken by a device of extension {a[1]}: choose another."),
        "user-name-invalid" => T("L’identifiant est fait de 1 à 64 lettres sans accent, chiffres, points, tirets et soulignés.",
            "A user name is made of 1 to 64 letters, digits, dots, hyphens and underscores."),
        "user-name-missing" => T("Un trunk qui s’enregistre a besoin de l’identifiant du compte.", "A trunk that registers needs the account’s user name."),
        "host-invalid" => a[0].Length == 0
            ? T("Indiquez le nom d’hôte ou l’adresse de l’opérateur.", "Give the provider’s host name or address.")
            : T($"« {a[0]} » n’est ni un nom d’hôte ni une adresse.", $"“{a[0]}” is neither a host name nor an address."),
        "address-invalid" => T($"{a.Given(0)} n’est pas une adresse : écrivez-la comme 192.0.2.1, ou un réseau comme 192.0.2.0/24.",
            $"{a.Given(0)} is no address: write one such as 192.0.2.1 or a network such as 192.0.2.0/24."),
        _ => null,
    };

    private string? FieldError(string code, ErrorArguments a) => code switch
    {
        "name-missing" => T("Il manque un nom.", "A name is missing."),
        "name-too-long" => T("Ce nom a plus de 200 caractères : raccourcissez-le.", "This name has more than 200 characters: shorten it."),
        "key-invalid" => T($"« {a[0]} » n’est pas un identifiant : 1 à 63 lettres minuscules sans accent, chiffres et tirets.",
            $"{a.Given(0)} is no key: use 1 to 63 lower-case letters, digits and hyphens."),
        "out-of-range" => T($"{a[0]} est hors limites : choisissez de {a[1]} à {a[2]}.", $"{a[0]} is out of range: choose {a[1]} to {a[2]}."),
        "country-unknown" => T($"{a.Given(0)} n’est pas un pays : écrivez son code ISO, comme FR.", $"{a.Given(0)} is no country: write its ISO code, such as FR."),
        "time-zone-unknown" => T($"{a.Given(0)} n’est pas un fuseau horaire : écrivez-le comme Europe/Paris.", $"{a.Given(0)} is no time zone: write one such as Europe/Paris."),
        "language-unknown" => T("Choisissez le français ou l’anglais.", "Choose French or English."),
        "hours-only-breaks" => T("Il y a des pauses mais pas d’ouverture : le site ne serait jamais ouvert. Ajoutez une plage ouverte.",
            "There are breaks but no opening hours: the site would never be open. Add an open interval."),
        "interval-twice" => T("Cette plage figure deux fois : retirez-en une.", "This interval is there twice: remove one."),
        "holiday-reversed" => T($"« {a[0]} » finit avant de commencer : inversez les dates.", $"“{a[0]}” ends before it begins: exchange the dates."),
        "holiday-empty" => T($"« {a[0]} » finit avant de commencer : inversez les heures.", $"“{a[0]}” ends before it begins: exchange the times."),
        "holiday-too-long" => T($"« {a[0]} » revient chaque année mais dure un an ou plus : raccourcissez-le.", $"“{a[0]}” comes back each year but lasts a year or more: shorten it."),
        "calendar-unreadable" => T("Ce n’est pas un calendrier iCal : exportez-le de nouveau au format .ics.", "This is no iCalendar file: export it again as .ics."),
        "event-without-start" => T($"« {a[0]} » n’a pas de date de début et a été laissé de côté.", $"“{a[0]}” has no start date and was left out."),
        "event-unreadable" => T($"« {a[0]} » n’a pas pu être lu et a été laissé de côté.", $"“{a[0]}” could not be read and was left out."),
        "expires-reversed" => T("La durée d’enregistrement la plus courte dépasse la plus longue : inversez-les.", "The shortest registration is longer than the longest: exchange them."),
        "lengths-reversed" => T("Le message le plus court n’est pas plus court que le plus long : inversez-les.", "The shortest message is not shorter than the longest: exchange them."),
        "pin-invalid" => T("Un code PIN a de 4 à 16 chiffres.", "A PIN has 4 to 16 digits."),
        "agent-twice" => T($"Le poste {a[0]} est deux fois dans la file : retirez-en un.", $"{a[0]} is in the queue twice: remove one."),
        "member-twice" => T($"Le poste {a[0]} est deux fois dans le groupement : retirez-en un.", $"{a[0]} is in the group twice: remove one."),
        "device-twice" => T($"Deux appareils s’appellent « {a[0]} » : renommez-en un.", $"Two devices are called “{a[0]}”: rename one."),
        "digest-missing" => T("Choisissez au moins un algorithme : MD5 est celui que tous les téléphones connaissent.", "Choose at least one algorithm: MD5 is what every phone knows."),
        _ => null,
    };

    private string? SoundError(string code, ErrorArguments a) => code switch
    {
        "audio-unreadable" => T("Ce fichier ne contient pas de son lisible (WAV, MP3, OGG ou FLAC).", "This file holds no readable sound (WAV, MP3, OGG or FLAC)."),
        "audio-too-large" => T($"Ce fichier dépasse {a[0]} Mo.", $"This file is larger than {a[0]} MB."),
        "audio-too-long" => T($"Ce son dure plus de {a[0]} minutes.", $"This sound is longer than {a[0]} minutes."),
        "speech-failed" => T($"La synthèse vocale a échoué : {a[0]}", $"Speech failed: {a[0]}"),
        "speech-text-length" => T($"Le texte à dire doit avoir de 1 à {a[0]} caractères.", $"The text to speak must have 1 to {a[0]} characters."),
        "speech-command-invalid" => T("La commande vocale doit contenir {text} (le fichier à lire) et {wav} (le fichier à écrire).",
            "The speech command needs {text} (the file to read) and {wav} (the file to write)."),
        "text-missing" => T("Il n’y a rien à dire : écrivez le texte, ou envoyez un son.", "There is nothing to speak: write the text, or upload a sound."),
        "sender-missing" => T("Il manque l’adresse d’expéditeur : celle que votre serveur de messagerie vous permet d’utiliser.",
            "The sender address is missing: the one that your mail server lets you send from."),
        "mail-server-missing" => T("Aucun serveur de messagerie n’est réglé.", "No mail server is set."),
        "mail-failed" => T($"L’envoi a échoué : {Delivery(a[0])}", $"Sending failed: {a[0]}"),
        _ => null,
    };

    /// <summary>The arguments of an error, in words; what is not there is empty.</summary>
    private readonly struct ErrorArguments(Texts texts, string[] arguments)
    {
        public string this[int index] => index < arguments.Length ? arguments[index] : "";

        public string Object(int index) => texts.Written(this[index]);

        public string Given(int index) => this[index].Length == 0 ? texts.T("Un champ vide", "An empty field") : texts.T($"« {this[index]} »", $"“{this[index]}”");

        public string ObjectsFrom(int index)
        {
            var words = texts;
            return string.Join(", ", arguments.Skip(index).Select(words.Written).Distinct());
        }

        public string Way(int index)
        {
            var words = texts;
            return string.Join(" → ", this[index].Split(" → ").Select(words.Written));
        }

        public string Owner(int index) => this[index] switch
        {
            "emergency-number" => texts.T("numéro d’urgence", "emergency number"),
            "dial-code" => texts.T("code de service", "dial code"),
            var owner => texts.Written(owner),
        };
    }
}
