using System.Net;
using Pbx.Core.Trunks;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>How addresses at a provider are written.</summary>
internal static class TrunkAddress
{
    /// <summary>The provider's domain.</summary>
    public static string DomainOf(Trunk trunk) => trunk.Domain is { Length: > 0 } domain ? domain : trunk.Host;

    /// <summary>An address there: a user and the domain, with the port when the trunk names one and no domain stands for it.</summary>
    public static SipUri Of(Trunk trunk, string? user) =>
        new(user, DomainOf(trunk), trunk.Domain is { Length: > 0 } ? null : trunk.Port,
            ParameterOf(trunk.Transport) is { } transport ? default(SipParameters).With("transport", transport) : default);

    /// <summary>Our identity there: the account, without what belongs only into a Request-URI.</summary>
    public static SipUri AccountOf(Trunk trunk) => new(trunk.UserName, DomainOf(trunk));

    /// <summary>The transport as the stack calls it.</summary>
    public static SipTransport TransportOf(Trunk trunk) => trunk.Transport switch
    {
        TrunkTransport.Udp => SipTransport.Udp,
        TrunkTransport.Tcp => SipTransport.Tcp,
        TrunkTransport.Tls => SipTransport.Tls,
    };

    /// <summary>
    /// The way to one of its servers; null when there is none. RFC 5922 section 4: over TLS the certificate must be for the domain that was
    /// configured, not for what the name service makes of it.
    /// </summary>
    public static Flow? FlowTo(Trunk trunk, IPEndPoint server, ISipSender sender) => trunk.Transport == TrunkTransport.Tls
        ? sender.FlowTo(new TlsPeer(trunk.Host, trunk.TlsAuthorities, trunk.AcceptsAnyCertificate), server)
        : sender.FlowTo(TransportOf(trunk), server);

    /// <summary>The digest user name.</summary>
    public static string AuthenticationNameOf(Trunk trunk) => trunk.AuthenticationName ?? trunk.UserName ?? "";

    /// <summary>True when two revisions of a trunk reach the provider in the same way: then nothing is registered anew.</summary>
    public static bool IsSameConnection(Trunk one, Trunk two) => Connection(one) == Connection(two);

    private static string? ParameterOf(TrunkTransport transport) => transport switch
    {
        TrunkTransport.Udp => null,
        TrunkTransport.Tcp => "tcp",
        TrunkTransport.Tls => "tls",
    };

    private static Trunk Connection(Trunk trunk) => new()
    {
        Key = trunk.Key, Name = "", Site = "", Enabled = trunk.Enabled, Registers = trunk.Registers, Host = trunk.Host, Port = trunk.Port,
        Transport = trunk.Transport, TlsAuthorities = trunk.TlsAuthorities, AcceptsAnyCertificate = trunk.AcceptsAnyCertificate, Domain = trunk.Domain, UserName = trunk.UserName, AuthenticationName = trunk.AuthenticationName,
        Password = trunk.Password, ExpiresSeconds = trunk.ExpiresSeconds, QualifySeconds = trunk.QualifySeconds,
    };
}
