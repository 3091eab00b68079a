using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Web.Localization;
using Pbx.Web.Shell;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Records;

/// <summary>The steps of a call's journey in words.</summary>
public static class JourneyWords
{
    /// <summary>One step as a sentence.</summary>
    public static string Of(PbxSnapshot snapshot, JourneyStep step, Texts texts) =>
        texts.JourneySentence(step.Code, Subject(snapshot, step.Subject, texts), step.Detail);

    /// <summary>An instant in the local time of the call's site.</summary>
    public static DateTimeOffset Local(PbxSnapshot snapshot, CallRecord record, DateTimeOffset at)
    {
        var site = record.Site is { } key ? snapshot.Sites.GetValueOrDefault(key) : snapshot.Sites.Values.FirstOrDefault();
        return site is null ? at : SiteTimes.ToLocal(at, site.TimeZone);
    }

    /// <summary>An extension by its key, or the number when it is none.</summary>
    public static string Extension(PbxSnapshot snapshot, string? key) =>
        key is null ? "" : snapshot.Extensions.TryGetValue(key, out var extension) ? ObjectNames.Of(extension) : key;

    private static string Subject(PbxSnapshot snapshot, string subject, Texts texts)
    {
        if (Destination.TryParse(subject, out var destination)) return ObjectNames.Of(snapshot, destination, texts);
        var colon = subject.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0) return subject;
        var (kind, key) = (subject[..colon], subject[(colon + 1)..]);
        return Enum.TryParse<ObjectKind>(kind, ignoreCase: true, out var known)
            ? $"{texts.KindName(known)} {ObjectNames.Of(snapshot, known, key, texts)}"
            : subject;
    }
}
