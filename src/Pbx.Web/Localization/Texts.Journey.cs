using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Settings;

namespace Pbx.Web.Localization;

// What a call went through: the steps of its journey, and the stable words of their details.
public sealed partial class Texts
{
    public string JourneySentence(string code, string subject, string detail) => code switch
    {
        JourneyCodes.RuleMatched => T($"{subject} prend l’appel au {detail}", $"{subject} takes the call to {detail}"),
        JourneyCodes.Unmatched => T($"Aucune règle entrante : {subject} {detail}", $"No inbound rule: {subject} {detail}"),
        JourneyCodes.TimeDecision => T($"{subject} : {TimeWord(detail)}", $"{subject}: {TimeWord(detail)}"),
        JourneyCodes.WentTo => T($"Vers {subject}", $"To {subject}"),
        JourneyCodes.KeyPressed => T($"Touche {detail} ({subject})", $"Key {detail} ({subject})"),
        JourneyCodes.InvalidKey => T($"Mauvaise touche {detail}", $"Wrong key {detail}"),
        JourneyCodes.MenuTimeout => T("Aucune touche à temps", "No key in time"),
        JourneyCodes.Ringing => detail.Length == 0 ? T($"{subject} sonne", $"{subject} rings") : T($"{subject} sonne par {Written(detail)}", $"{subject} rings by {Written(detail)}"),
        JourneyCodes.NotAnswered => T($"{subject} ne répond pas ({Why(detail)})", $"{subject} did not answer ({Why(detail)})"),
        JourneyCodes.Answered => T($"{subject} répond", $"{subject} answered"),
        JourneyCodes.AgentSkipped => T($"{subject} est passé ({Why(detail)})", $"{subject} was passed over ({Why(detail)})"),
        JourneyCodes.QueueLeft => T($"Sort de {subject} ({Why(detail)})", $"Left {subject} ({Why(detail)})"),
        JourneyCodes.MessageLeft => T($"Message laissé ({Length(detail)})", $"Message left ({Length(detail)})"),
        JourneyCodes.NoMessage => T($"Pas de message ({Why(detail)})", $"No message ({Why(detail)})"),
        JourneyCodes.DialCode => T($"Code de service : {FunctionWord(detail)}", $"Dial code: {FunctionWord(detail)}"),
        JourneyCodes.OutboundRule => T($"{subject} {detail}", $"{subject} {detail}"),
        JourneyCodes.OutboundRefused => T($"{subject} est refusé ({RefusalWord(detail)})", $"{subject} was refused ({RefusalWord(detail)})"),
        JourneyCodes.TrunkFailed => T($"{subject} n’aboutit pas ({Why(detail)})", $"{subject} failed ({Why(detail)})"),
        JourneyCodes.Removed => T($"{subject} a été supprimé pendant l’appel", $"{subject} was removed during the call"),
        JourneyCodes.LoopGuard => T("Trop de détours : appel terminé", "Too many moves: call ended"),
        JourneyCodes.Ended => T($"Fin de l’appel ({EndWords(detail)})", $"Call ended ({EndWords(detail)})"),
        _ => $"{code} {subject} {detail}",
    };

    private string TimeWord(string detail) => Enum.TryParse<Core.Sites.SiteState>(detail, ignoreCase: true, out var state) ? SiteStateName(state) : detail;

    private static string Length(string milliseconds) =>
        long.TryParse(milliseconds, out var value) ? Shell.SiteTimes.Duration(TimeSpan.FromMilliseconds(value)) : milliseconds;

    /// <summary>Why a step came out as it did; a provider's status stays behind the word, and what is not known stays as it is.</summary>
    private string Why(string detail)
    {
        var (word, rest) = detail.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank ? (detail[..blank], detail[blank..]) : (detail, "");
        return (ReasonWord(word) ?? word) + rest;
    }

    private string? ReasonWord(string word) => word switch
    {
        "not-registered" => T("hors ligne", "offline"),
        "busy" => T("en appel", "busy"),
        "rejected" => T("appel refusé", "rejected"),
        "no-answer" => T("sans réponse", "no answer"),
        "not-found" => T("numéro inconnu", "unknown number"),
        "incompatible" => T("aucun codec commun", "no codec in common"),
        "unavailable" => T("indisponible", "unavailable"),
        "forbidden" => T("interdit", "forbidden"),
        "no-rule" => T("aucune règle sortante", "no outbound rule"),
        "silent" => T("le trunk ne répond pas", "the trunk does not answer"),
        "max-wait" => T("attente maximale", "longest wait"),
        "no-agents" => T("aucun agent connecté", "no agent logged in"),
        "full" => T("pleine", "full"),
        "removed" => T("supprimée", "removed"),
        "exit-key" => T("touche de sortie", "exit key"),
        "failed" => T("l’enregistrement a échoué", "the recording failed"),
        "silence" => T("silence seulement", "only silence"),
        "too-short" => T("trop court", "too short"),
        _ => Enum.TryParse<AgentState>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var state)
            ? AgentStateName(state).ToLower(Culture) : null,
    };

    /// <summary>How a call ended and who ended it, written as <c>normal, caller</c>.</summary>
    private string EndWords(string detail) => string.Join(", ", detail.Split(", ").Select(word => word switch
    {
        "normal" => T("normale", "normal"),
        "caller" => T("par l’appelant", "by the caller"),
        "callee" => T("par l’appelé", "by the callee"),
        "server" => T("par le serveur", "by the server"),
        "lost" => T("liaison perdue", "connection lost"),
        "shutdown" => T("arrêt du serveur", "server shut down"),
        "congestion" => T("réseau saturé", "congestion"),
        _ => ReasonWord(word) ?? word,
    }));

    private string FunctionWord(string detail) =>
        Enum.TryParse<DialFunction>(detail.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var function) ? DialFunctionName(function) : detail;
}
