using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Web.Localization;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Live;

/// <summary>Live rows in words.</summary>
public static class LiveWords
{
    /// <summary>The caller's number and name.</summary>
    public static string Caller(LiveCall call, Texts texts) =>
        $"{(call.Caller.Length > 0 ? call.Caller : texts.Withheld)} {call.CallerName}".Trim();

    /// <summary>Where a call is: a written destination in words, anything else as it stands.</summary>
    public static string Place(PbxSnapshot snapshot, string at, Texts texts) =>
        Destination.TryParse(at, out var destination) ? ObjectNames.Of(snapshot, destination, texts) : at;

    /// <summary>An extension by its key, or the number when it is none.</summary>
    public static string Extension(PbxSnapshot snapshot, string? key) =>
        key is null ? "" : snapshot.Extensions.TryGetValue(key, out var extension) ? ObjectNames.Of(extension) : key;

    /// <summary>The tone in which an agent's state is shown.</summary>
    public static string Tone(AgentState state) => state switch
    {
        AgentState.Free => "good",
        AgentState.Ringing => "warn",
        AgentState.Busy or AgentState.WrapUp => "info",
        AgentState.NotRegistered or AgentState.DoNotDisturb => "bad",
        AgentState.Resting or AgentState.LoggedOut or AgentState.OutsideHours => "calm",
    };
}
