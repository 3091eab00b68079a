using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine;

/// <summary>Who sends an INVITE: decided before it becomes a call.</summary>
internal interface ICallers
{
    /// <summary>Tells who the caller is, or how to answer one who is nobody we know. In the shard; must not block.</summary>
    CallerIdentity Identify(IServerTransaction invite);
}

/// <summary>The outcome of <see cref="ICallers.Identify"/>.</summary>
internal abstract record CallerIdentity
{
    /// <summary>Somebody we know.</summary>
    /// <param name="Origin">Extension or trunk.</param>
    /// <param name="Called">What was dialled.</param>
    /// <param name="Number">The caller's number; empty when withheld.</param>
    /// <param name="Name">The caller's name, or empty.</param>
    /// <param name="Security">How strictly its media is encrypted.</param>
    /// <param name="Device">The device that calls, by the keys of its extension and its own; null: a trunk.</param>
    public sealed record Known(CallOrigin Origin, string Called, string Number, string Name, CallSecurity Security = CallSecurity.ClearAllowed,
        (string Extension, string Device)? Device = null) : CallerIdentity;

    /// <summary>A challenge, or a refusal.</summary>
    public sealed record Answered(SipResponse Response) : CallerIdentity;
}
