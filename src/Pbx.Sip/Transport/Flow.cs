using System.Net;

namespace Pbx.Sip.Transport;

/// <summary>How SIP messages travel.</summary>
internal enum SipTransport
{
    /// <summary>UDP.</summary>
    Udp,
    /// <summary>TCP.</summary>
    Tcp,
    /// <summary>TLS over TCP.</summary>
    Tls,
    /// <summary>WebSocket (RFC 7118).</summary>
    Ws,
    /// <summary>WebSocket over TLS.</summary>
    Wss,
}

/// <summary>
/// The way by which messages reach one peer and come from it (RFC 5626 section 2): a connection, or for UDP the pair of addresses.
/// Equal flows are the same way. A registration keeps its flow, and every request to the device follows it.
/// </summary>
/// <param name="Transport">Transport.</param>
/// <param name="Remote">The peer's address as we see it (behind a NAT: the router's).</param>
/// <param name="Local">Our address that it came to.</param>
/// <param name="Connection">Number of the connection, never used again; 0 for UDP.</param>
internal sealed record Flow(SipTransport Transport, IPEndPoint Remote, IPEndPoint Local, long Connection = 0)
{
    private Tuple<IPEndPoint, SocketAddress>? socketAddress;

    /// <summary>True when messages neither get lost nor reordered on it: transactions then do not retransmit.</summary>
    public bool IsReliable => Transport != SipTransport.Udp;

    /// <summary>True for a connection that we made: whoever is at its other end need not speak first.</summary>
    public bool IsOurs { get; init; }

    /// <summary>What TLS agreed on, once its handshake is done; null for a flow in clear.</summary>
    public TlsSession? Security { get; set; }

    /// <summary>Why the connection could not be made, in words; null when it could.</summary>
    public string? Trouble { get; set; }

    /// <summary>The peer's address as sockets take it, made once.</summary>
    internal SocketAddress RemoteSocketAddress
    {
        get
        {
            // A copy of this record with another address copies the field too.
            if (socketAddress is { } made && ReferenceEquals(made.Item1, Remote)) return made.Item2;
            var address = Remote.Serialize();
            socketAddress = Tuple.Create(Remote, address);
            return address;
        }
    }

    /// <summary>A connection is itself; a datagram's way is its two addresses.</summary>
    public bool Equals(Flow? other) => other is not null && Transport == other.Transport && Connection == other.Connection
        && (Connection != 0 || (Remote.Equals(other.Remote) && Local.Equals(other.Local)));

    /// <inheritdoc/>
    public override int GetHashCode() => Connection != 0 ? Connection.GetHashCode() : HashCode.Combine(Transport, Remote, Local);

    /// <inheritdoc/>
    public override string ToString() => Connection == 0 ? $"{Transport} {Local}-{Remote}" : $"{Transport} {Local}-{Remote} #{Connection}";
}
