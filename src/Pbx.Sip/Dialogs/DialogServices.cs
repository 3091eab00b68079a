using System.Text;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>What the dialogs of one shard share.</summary>
/// <param name="Shard">Their thread, its timers and its identifiers.</param>
/// <param name="Transactions">The transactions of the shard.</param>
/// <param name="Dialogs">The dialogs of the shard.</param>
/// <param name="Random">Chance for the glare timers (RFC 3261 section 14.1).</param>
internal sealed record DialogServices(IShard Shard, ITransactions Transactions, DialogTable Dialogs, Random Random)
{
    /// <summary>The methods that we take inside a dialog and outside.</summary>
    public const string Allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REGISTER, SUBSCRIBE";

    /// <summary>The extensions that we know.</summary>
    public const string Supported = "100rel, timer";

    /// <summary>The type of a session description.</summary>
    public const string Sdp = "application/sdp";

    /// <summary>The session description in a message, alone or as a part (RFC 5621), or null.</summary>
    public static string? Description(SipMessage message) =>
        MultipartBody.Find(message, Sdp) is { } body ? Encoding.UTF8.GetString(body.Span) : null;
}
