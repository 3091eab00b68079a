using Pbx.Core.CallFlow;

namespace Pbx.Core.Audio;

internal static partial class PhraseTexts
{
    private static readonly string[] FrenchUnits =
    [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze",
        "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
    ];

    private static readonly string[] FrenchTens = ["", "", "vingt", "trente", "quarante", "cinquante"];

    private static Words French { get; } = new(
        new Dictionary<string, string>
        {
            [Phrases.StandardGreeting] = "Votre correspondant n'est pas disponible. Laissez votre message après le signal sonore.",
            [Phrases.MailboxFull] = "Cette messagerie est pleine. Merci de rappeler ultérieurement.",
            [Phrases.InvalidKey] = "Ce choix n'est pas valide.",
            [Phrases.EnterPin] = "Composez votre code secret, puis la touche dièse.",
            [Phrases.WrongPin] = "Code incorrect.",
            [Phrases.NoMessages] = "Vous n'avez aucun message.",
            [Phrases.MessagesCount] = "messages.",
            [Phrases.MailboxMenu] = "Pour écouter vos messages, tapez 1. Pour enregistrer votre annonce d'accueil, tapez 2.",
            [Phrases.MessageMenu] = "Pour réécouter, tapez 1. Message suivant, tapez 2. Pour conserver, tapez 3. Pour effacer, tapez 7. "
                + "Pour rappeler, tapez 8. Pour terminer, tapez étoile.",
            [Phrases.MessageDeleted] = "Message effacé.",
            [Phrases.MessageSaved] = "Message conservé.",
            [Phrases.Goodbye] = "Au revoir.",
            [Phrases.AgentLoggedIn] = "Vous êtes connecté à vos files d'attente.",
            [Phrases.AgentLoggedOut] = "Vous êtes déconnecté de vos files d'attente.",
            [Phrases.NoQueues] = "Vous n'appartenez à aucune file d'attente.",
            [Phrases.ClosureOn] = "La fermeture exceptionnelle est activée.",
            [Phrases.ClosureOff] = "La fermeture exceptionnelle est désactivée.",
            [Phrases.ClosureUntil] = "La fermeture exceptionnelle est activée jusqu'à",
            [Phrases.EnterEndTime] = "Composez l'heure de fin sur quatre chiffres, heures puis minutes.",
            [Phrases.InvalidTime] = "Cette heure n'est pas valide.",
            [Phrases.Failed] = "L'opération a échoué. Merci de réessayer plus tard.",
            [Phrases.YourNumberIs] = "Votre numéro est le",
            [Phrases.EchoIntro] = "Test d'écho. Tout ce que vous dites vous est renvoyé.",
            [Phrases.RecordAfterTone] = "Parlez après le signal sonore, puis appuyez sur la touche dièse.",
            [Phrases.RecordingMenu] = "Pour écouter, tapez 1. Pour enregistrer, tapez 2. Pour recommencer, tapez 3.",
            [Phrases.Saved] = "C'est enregistré.",
            [Phrases.NotAllowed] = "Vous n'êtes pas autorisé à effectuer cette opération.",
            [Phrases.NumberUnknown] = "Le numéro que vous avez composé n'est pas attribué.",
            [Phrases.Unavailable] = "Votre correspondant ne peut pas être joint pour le moment.",
            [Phrases.OutboundRefused] = "Vous n'êtes pas autorisé à appeler ce numéro.",
            [Phrases.OutboundLimit] = "La limite de vos appels vers l'extérieur est atteinte. Les numéros d'urgence restent joignables.",
            [Phrases.MessageFrom] = "Message du",
            [Phrases.ReceivedAt] = "reçu à",
        },
        "étoile", "dièse", "heures", "heures", FrenchNumber, hour => hour switch
        {
            0 => "minuit",
            1 => "une heure",
            21 => "vingt et une heures",
            _ => FrenchNumber(hour) + " heures",
        });

    private static string FrenchNumber(int number) => number < FrenchUnits.Length ? FrenchUnits[number] : FrenchTens[number / 10] + (number % 10) switch
    {
        0 => "",
        1 => " et un",
        var unit => "-" + FrenchUnits[unit],
    };
}
