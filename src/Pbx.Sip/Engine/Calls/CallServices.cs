using Pbx.Core.Audio;
using Pbx.Core.CallRecords;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Messages;
using Pbx.Core.Voicemail;
using Pbx.Sip.Dialogs;
using Pbx.Sip.Engine.Live;
using Pbx.Sip.Engine.Queues;
using Pbx.Sip.Media;

namespace Pbx.Sip.Engine.Calls;

/// <summary>What all calls of a shard are given.</summary>
/// <param name="Dialogs">The shard and its dialogs.</param>
/// <param name="Shared">What calls of all shards share.</param>
internal sealed record CallServices(DialogServices Dialogs, CallSurroundings Shared);

/// <summary>What calls of all shards share. Everything in it is safe to use from any thread.</summary>
/// <param name="Configuration">The newest snapshot, and the door for what dial codes change.</param>
/// <param name="Media">Media.</param>
/// <param name="Extensions">Finds devices.</param>
/// <param name="Trunks">Finds providers.</param>
/// <param name="Queues">The owner of the queues.</param>
/// <param name="Journal">Takes the records.</param>
/// <param name="Voicemail">Messages.</param>
/// <param name="Places">Where recordings go.</param>
/// <param name="PhoneRecordings">Greetings and prompts recorded by phone.</param>
/// <param name="Live">The list of calls that pages show.</param>
/// <param name="Outbound">What extensions use of their calls outside.</param>
/// <param name="Alerts">Tells administrators.</param>
/// <param name="Observer">Told of calls that begin and end.</param>
internal sealed record CallSurroundings(IConfiguration Configuration, IMedia Media, IExtensionWays Extensions,
    ITrunkWays Trunks, QueueHost Queues, ICallJournal Journal, IVoicemail Voicemail, IRecordingPlaces Places, IPhoneRecordings PhoneRecordings, LiveCalls Live,
    OutboundLedger Outbound, IAlerts Alerts, ICallObserver Observer);

/// <summary>Who is told of calls: keeps the table of them, and in tests their logs.</summary>
internal interface ICallObserver
{
    /// <summary>A call is over: its record is written. On its shard.</summary>
    void Ended(Call call, CallRecord record, CallLog log);

    /// <summary>Work outside failed (disk, database) and the call went on without it.</summary>
    void Failed(Guid call, string what, Exception exception);

    /// <summary>A decision threw: a defect, by which the call was ended.</summary>
    void Broken(Guid call, string what, Exception exception);
}
