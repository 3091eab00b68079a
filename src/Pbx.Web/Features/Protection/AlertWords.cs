using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Web.Localization;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Protection;

/// <summary>Alerts in words.</summary>
public static class AlertWords
{
    /// <summary>One alert as a sentence.</summary>
    public static string Of(PbxSnapshot snapshot, Alert alert, Texts texts)
    {
        var who = snapshot.Extensions.TryGetValue(alert.Subject, out var extension) ? ObjectNames.Of(extension) : alert.Subject;
        return texts.AlertSentence(alert.Kind, who, alert.Detail);
    }
}
