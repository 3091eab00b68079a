namespace Pbx.Core.Certificates;

/// <summary>The certificate by which this server proves itself now: to phones, browsers and programs alike.</summary>
public interface ICertificateSource
{
    /// <summary>The one that new connections get. Null only before the start.</summary>
    ServerCertificate? Current { get; }

    /// <summary>Calls back with each new one until disposed. Connections that stand are not concerned.</summary>
    IDisposable Subscribe(Action<ServerCertificate> changed);
}
