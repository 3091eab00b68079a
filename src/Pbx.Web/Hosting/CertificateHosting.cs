using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Pbx.Core.Certificates;

namespace Pbx.Web.Hosting;

/// <summary>HTTPS with the server's certificate, asked for at each handshake; and what phones and monitoring may know of it without signing in.</summary>
internal static class CertificateHosting
{
    /// <summary>Lets each https address serve the certificate of that moment, with its chain.</summary>
    public static void ServeCertificate(this KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        var source = kestrel.ApplicationServices.GetRequiredService<ICertificateSource>();
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        https.ServerCertificateSelector = (_, _) => source.Current?.Leaf;
        https.OnAuthenticate = (_, tls) =>
        {
            // A selector gives a certificate without its chain.
            tls.ServerCertificateSelectionCallback = null;
            tls.ServerCertificateContext = source.Current?.Context;
        };
    });

    /// <summary>Maps the root of the own authority, which is made to be given away, and <c>/health/certificate</c>.</summary>
    public static void MapCertificates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/certificates/root.pem", (CertificateStore store) =>
            Results.Text(store.State.Root.Pem + "\n", "application/x-pem-file")).AllowAnonymous();
        // Windows, Android and many phones want the binary form.
        routes.MapGet("/certificates/root.crt", (CertificateStore store) =>
        {
            using var root = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(store.State.Root.Pem);
            return Results.File(root.RawData, "application/x-x509-ca-cert", "pbx-root.crt");
        }).AllowAnonymous();
        routes.MapGet("/health/certificate", (CertificateStore store, TimeProvider time) =>
        {
            var now = time.GetUtcNow();
            var state = store.State;
            return Results.Json(new { alert = state.AlertAt(now).ToString(), notAfter = state.Serving.NotAfter, daysLeft = state.DaysLeft(now) });
        }).AllowAnonymous();
    }
}
