using Pbx.Core.Common;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Calls;

/// <summary>One way to ring somebody: a device's registration, or a trunk.</summary>
internal sealed record Way
{
    /// <summary>The flow that the INVITE leaves by.</summary>
    public required Flow Flow { get; init; }

    /// <summary>The Request-URI.</summary>
    public required SipUri Target { get; init; }

    /// <summary>Route headers: the path of a registration (RFC 3327), or an outbound proxy.</summary>
    public IReadOnlyList<SipUri> Routes { get; init; } = [];

    /// <summary>Which device or number it is, for the record.</summary>
    public required string By { get; init; }

    /// <summary>Our identity towards it; null: the caller's number at the address by which the peer knows us.</summary>
    public NameAddress? From { get; init; }

    /// <summary>Whom we call, as To says it; null: the Request-URI.</summary>
    public NameAddress? To { get; init; }

    /// <summary>Further headers, such as P-Asserted-Identity.</summary>
    public IReadOnlyList<(HeaderId Id, string Value)> Headers { get; init; } = [];

    /// <summary>How strictly its media is encrypted.</summary>
    public CallSecurity Security { get; init; }

    /// <summary>Answers a challenge by putting credentials into the request; null: there are none.</summary>
    public Func<SipResponse, SipRequestBuilder, bool>? Credentials { get; init; }

    /// <summary>Told when nothing at all came back in time, or it could not be sent: the way may be dead.</summary>
    public Action? Silent { get; init; }

    /// <summary>The way to try when this one is silent: the next server of the provider (RFC 3263 section 4.3); null: there is no other.</summary>
    public Func<Way?>? Next { get; init; }
}

/// <summary>The registrar as calls see it.</summary>
internal interface IExtensionWays
{
    /// <summary>
    /// All registered devices of an extension; empty when there is none. Waits a little (3 s) for a device whose connection is to come back.
    /// Asked in a shard; answers by the call-back, on any thread, at once or later, exactly once.
    /// </summary>
    void Find(string extension, Action<IReadOnlyList<Way>> found);

    /// <summary>A device has talked; where the keys of its sound came from and their suite, empty in clear. From any shard.</summary>
    void Sounded(string extension, string device, string keys);
}

/// <summary>The trunks as calls see them.</summary>
internal interface ITrunkWays
{
    /// <summary>
    /// A number through a trunk: one way, the best address of the provider; empty when the trunk is down, unknown, switched off or has more
    /// calls than it may, the asking one counted already. Asked in a shard; answers by the call-back, on any thread, at once or later, exactly once.
    /// </summary>
    /// <param name="trunk">Key of the trunk.</param>
    /// <param name="number">The number as it goes to the provider.</param>
    /// <param name="presentedNumber">The caller's number as shown; empty: withheld.</param>
    /// <param name="lastResort">However many calls it has, and although it seems to be down.</param>
    /// <param name="found">Hears the ways.</param>
    void Find(string trunk, string number, string presentedNumber, bool lastResort, Action<IReadOnlyList<Way>> found);

    /// <summary>A call through a trunk, either way, begins (+1) or ends (-1). From any shard.</summary>
    void CallsChanged(string trunk, int difference);

    /// <summary>Sound went through a trunk; where its keys came from and their suite, empty in clear. From any shard.</summary>
    void Sounded(string trunk, string keys);

    /// <summary>The trunk that an INVITE comes from, told by its source address, and what it called there; null when it comes from none.</summary>
    TrunkCaller? Identify(SipRequest invite, Flow flow);
}

/// <summary>A caller from a trunk.</summary>
/// <param name="Trunk">Key of the trunk.</param>
/// <param name="Called">The number called: the request target's user, or To's where the target is our account.</param>
/// <param name="Number">The caller's number (P-Asserted-Identity, else From); empty when withheld.</param>
/// <param name="Name">The caller's name, or empty.</param>
/// <param name="Security">How strictly its media is encrypted.</param>
/// <param name="IsInClear">It is held to encryption, and this came in clear.</param>
/// <param name="IsFull">The trunk has as many calls as it may.</param>
internal sealed record TrunkCaller(string Trunk, string Called, string Number, string Name, CallSecurity Security = CallSecurity.ClearAllowed, bool IsInClear = false,
    bool IsFull = false);
