using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Endpoint;

/// <summary>Who may speak: asked by the front door on the threads that read, before anything is kept of a message. Must not block.</summary>
internal interface IGate
{
    /// <summary>True when nothing from this peer is answered.</summary>
    bool IsShut(Flow flow);

    /// <summary>How a valid request that begins something is met.</summary>
    Welcome Judge(SipRequest request, Flow flow);

    /// <summary>The answer to a stranger, made without keeping anything: a 401, or a 403 where nobody may come by this way.</summary>
    /// <param name="request">The question.</param>
    /// <param name="flow">How it came.</param>
    /// <param name="toTag">The tag of the answer.</param>
    /// <param name="brief">With one challenge only, for a question so short that the whole answer would be out of proportion.</param>
    SipResponse Challenge(SipRequest request, Flow flow, string toTag, bool brief);
}

/// <summary>How a request is met.</summary>
internal enum Welcome
{
    /// <summary>It comes from a provider or with credentials, and goes to its shard.</summary>
    Enter,
    /// <summary>It is nobody's yet: one answer, made of the question alone.</summary>
    Stranger,
    /// <summary>It is dropped.</summary>
    Silence,
}
