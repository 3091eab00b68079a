using System.Globalization;

namespace Pbx.Core.Mail;

/// <summary>The words of a message's mail in one language.</summary>
internal sealed record MailTexts(CultureInfo Culture, string Subject, string Intro, string From, string Received, string Length, string Box,
    string Withheld, string Attached, string AudioGone, string Footer, string FileName)
{
    private static readonly MailTexts French = new(CultureInfo.GetCultureInfo("fr-FR"), "Message vocal de {0} ({1}) – {2}",
        "Un nouveau message vocal vous attend.", "De", "Reçu le", "Durée", "Messagerie", "numéro masqué",
        "L'enregistrement est joint à ce courriel.", "L'enregistrement a été effacé entre-temps et n'est plus disponible.",
        "Ce courriel a été envoyé automatiquement par le système téléphonique.", "message-vocal");

    private static readonly MailTexts English = new(CultureInfo.GetCultureInfo("en-GB"), "Voice message from {0} ({1}) – {2}",
        "You have a new voice message.", "From", "Received", "Length", "Mailbox", "number withheld",
        "The recording is attached to this mail.", "The recording has been deleted in the meantime and is no longer available.",
        "This mail was sent automatically by the telephone system.", "voice-message");

    /// <summary>The words of a site's language.</summary>
    public static MailTexts Of(string language) => language == "fr" ? French : English;
}
