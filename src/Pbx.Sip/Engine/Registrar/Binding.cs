using System.Net;
using Pbx.Core.Live;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>A contact at which a device of an extension can be reached (RFC 3261 §10), immutable.</summary>
internal sealed record Binding
{
    /// <summary>Key of the extension.</summary>
    public required string Extension { get; init; }

    /// <summary>Key of the device that registered it.</summary>
    public required string Device { get; init; }

    /// <summary>The address registered: the Request-URI of everything sent to the device.</summary>
    public required SipUri Contact { get; init; }

    /// <summary>Call-ID of the registration that made or last refreshed it.</summary>
    public required string CallId { get; init; }

    /// <summary>CSeq of that registration.</summary>
    public required uint CSeq { get; init; }

    /// <summary>When it was made, by the steady clock.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When it ends unless refreshed, by the steady clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Preference from 0 to 1000.</summary>
    public int Preference { get; init; } = 1000;

    /// <summary>The proxies on the way, nearest to us first (RFC 3327).</summary>
    public IReadOnlyList<SipUri> Path { get; init; } = [];

    /// <summary>How it registered.</summary>
    public SipTransport Transport { get; init; }

    /// <summary>The address that it registered from.</summary>
    public required IPEndPoint Source { get; init; }

    /// <summary>The way to it; null after a restart, or when its connection was lost.</summary>
    public Flow? Flow { get; init; }

    /// <summary>The instance that outlives its addresses (RFC 5626 §4.1), or empty.</summary>
    public string Instance { get; init; } = "";

    /// <summary>Which of the instance's flows (RFC 5626 §4.2), or empty.</summary>
    public string RegId { get; init; } = "";

    /// <summary>What it calls itself.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>True when nothing can be sent to it before it comes back: its connection is gone, and only it can make another.</summary>
    public bool AwaitsReconnection => Flow is null && Transport != SipTransport.Udp;

    /// <summary>True when a Contact of the device means this binding: the same URI (§19.1.4), or the same instance and flow.</summary>
    public bool IsMeantBy(string device, NameAddress contact) => Device == device
        && (contact.Uri.IsEquivalentTo(Contact)
            || (Instance.Length > 0 && contact.Parameters["+sip.instance"] == Instance && (contact.Parameters["reg-id"] ?? "") == RegId));

    /// <summary>True when another binding is of the same contact, so that only one of them can be.</summary>
    public bool IsSameContact(Binding other) => Device == other.Device
        && (other.Contact.IsEquivalentTo(Contact) || (Instance.Length > 0 && other.Instance == Instance && other.RegId == RegId));

    /// <summary>The row that pages show.</summary>
    public LiveRegistration ToRow() => new(Extension, Device, Contact.ToString(), Source.ToString(),
        Transport.ToString().ToUpperInvariant(), UserAgent, RegisteredAt, ExpiresAt, AwaitsReconnection, Flow?.Security?.ToString() ?? "");
}
