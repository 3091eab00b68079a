using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>
/// Which certificate serves. It lies in the data directory and not in the database, for it must be known before the database answers, and
/// file names belong to this machine.
/// </summary>
public sealed record CertificateSettings
{
    /// <summary>Where the certificate comes from.</summary>
    public CertificateOrigin Origin { get; init; }

    /// <summary>Names and addresses by which phones and browsers reach this server, besides those that it knows by itself.</summary>
    public ValueList<string> Names { get; init; } = [];

    /// <summary>PEM file with the whole chain, or PKCS #12, that another program renews.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>PEM file with the private key; empty: it is in the other one.</summary>
    public string KeyFile { get; init; } = "";
}
