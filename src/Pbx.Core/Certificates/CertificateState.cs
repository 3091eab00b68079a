using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>What console, health and log say of the certificates.</summary>
/// <param name="Settings">What is set.</param>
/// <param name="Serving">The certificate that serves.</param>
/// <param name="Root">The root of the own authority, as phones import it.</param>
/// <param name="Trouble">Why the certificate that was set does not serve; empty when it does.</param>
/// <param name="Names">The names that it ought to prove: those set and those known.</param>
public sealed record CertificateState(CertificateSettings Settings, ServerCertificate Serving, RootCertificate Root, ValueList<PbxError> Trouble, ValueList<string> Names)
{
    /// <summary>From so many days before its end a certificate is a matter for people.</summary>
    public const int AlertDays = 30;

    /// <summary>Whole days until the certificate that serves ends; negative afterwards.</summary>
    public int DaysLeft(DateTimeOffset now) => (int)Math.Floor((Serving.NotAfter - now).TotalDays);

    /// <summary>What people have to be told now.</summary>
    public CertificateAlert AlertAt(DateTimeOffset now) =>
        Serving.NotAfter <= now ? CertificateAlert.Expired
        : DaysLeft(now) < AlertDays ? CertificateAlert.ExpiresSoon
        : Trouble.Count > 0 ? CertificateAlert.Unusable
        : Serving.Origin == CertificateOrigin.Own && Root.NotAfter - now < TimeSpan.FromDays(365) ? CertificateAlert.RootExpiresSoon
        : CertificateAlert.None;
}

/// <summary>The root of the own authority.</summary>
/// <param name="Pem">Its PEM text.</param>
/// <param name="Name">Its name.</param>
/// <param name="NotAfter">Its end.</param>
/// <param name="Fingerprint">Its SHA-256 fingerprint.</param>
public sealed record RootCertificate(string Pem, string Name, DateTimeOffset NotAfter, string Fingerprint);

/// <summary>What is to be said of the certificate.</summary>
public enum CertificateAlert
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>It ends soon.</summary>
    ExpiresSoon,
    /// <summary>It has ended: phones and browsers refuse it.</summary>
    Expired,
    /// <summary>The one that was set cannot be used; another serves.</summary>
    Unusable,
    /// <summary>The own authority ends within a year: phones need its successor's root.</summary>
    RootExpiresSoon,
}
