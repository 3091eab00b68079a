namespace Pbx.Sip.Transport;

/// <summary>
/// Whom a TLS connection that we make must reach. Connections with other expectations are never shared: what one trunk accepts, another
/// may refuse.
/// </summary>
/// <param name="Name">Host name or address that the certificate must carry (RFC 5922 §7).</param>
/// <param name="Authorities">PEM text of authorities that are trusted besides those of the system; null: none.</param>
/// <param name="AcceptsAnyCertificate">The administrator's exception: encrypts, proves nothing.</param>
internal sealed record TlsPeer(string Name, string? Authorities = null, bool AcceptsAnyCertificate = false);
