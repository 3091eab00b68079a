using System.Globalization;
using Pbx.Core.Live;

namespace Pbx.Core.Alerts;

/// <summary>The mail of an alert, in both languages: it goes to one address for the whole system.</summary>
internal static class AlertTexts
{
    /// <summary>Subject and body.</summary>
    public static (string Subject, string Body) Of(Alert alert, string who)
    {
        var (french, english, what) = alert.Kind switch
        {
            AlertKind.OutboundLimit => (
                $"Le poste {who} a atteint une limite de ses appels vers l'extérieur ({alert.Detail}). Ses autres appels vers l'extérieur sont refusés, sauf les appels d'urgence. Si ce n'est pas son usage habituel, changez les mots de passe de ses appareils.",
                $"Extension {who} has reached a limit of its calls to the outside ({alert.Detail}). Its further calls to the outside are refused, except emergency calls. If this is not how it is used, change the passwords of its devices.",
                "Limite d'appels / Call limit"),
            AlertKind.AccountAttacked => (
                $"Des inconnus essaient de deviner le mot de passe du compte SIP « {who} ». Leurs adresses sont bloquées ; le compte reste utilisable depuis ses adresses connues.",
                $"Strangers try to guess the password of the SIP account \"{who}\". Their addresses are banned; the account goes on from the addresses that it is known at.",
                "Attaque / Attack"),
            AlertKind.DiskAlmostFull => (
                $"Le disque de {who} est plein à {alert.Detail} %. Plein, il n'enregistre plus ni messages ni réglages ; les appels continuent. Faites de la place.",
                $"The disk of {who} is {alert.Detail} % full. When it is full, neither messages nor settings are saved; calls go on. Make room.",
                "Disque presque plein / Disk almost full"),
        };
        return ($"{what} – {who}", string.Create(CultureInfo.InvariantCulture, $"{french}\n\n{english}\n\n{alert.At:u}\n"));
    }
}
