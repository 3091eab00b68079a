using System.Collections.Immutable;
using Pbx.Core.CallRecords;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Core.CallFlow;

/// <summary>What a decision may look at besides the call's own state and the input: one consistent moment.</summary>
/// <param name="Snapshot">The newest configuration.</param>
/// <param name="Now">The instant of the decision (UTC).</param>
/// <param name="MailboxCounts">Messages per mailbox; a mailbox not in it is empty.</param>
/// <param name="Use">What the calling extension has used of its calls to the outside, without this one; null: nothing.</param>
public sealed record CallContext(PbxSnapshot Snapshot, DateTimeOffset Now, ImmutableDictionary<string, MailboxCount> MailboxCounts, OutboundUse? Use = null);
