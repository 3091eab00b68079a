using System.Security.Claims;
using System.Text;
using Pbx.Core.Access;
using Pbx.Core.Certificates;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Web.Access;
using Pbx.Web.Api;

namespace Pbx.Web.Features.Certificates;

/// <summary>The certificate for programs: <c>GET</c> and <c>PUT /certificate</c>.</summary>
internal static class CertificateApi
{
    /// <summary>Maps them.</summary>
    public static void MapCertificate(this IEndpointRouteBuilder api)
    {
        api.MapGet("/certificate", (CertificateStore store, TimeProvider time) => Results.Json(Describe(store.State, time)))
            .RequireAuthorization(nameof(Permission.SeeConfiguration));
        api.MapPut("/certificate", (CertificateRequest body, ClaimsPrincipal user, CertificateStore store, TimeProvider time) =>
            Set(body, store, Callers.Of(user, ChangeSource.Api)).ToResponse(state => Results.Json(Describe(state, time))))
            .RequireAuthorization(nameof(Permission.ChangeConfiguration));
    }

    private static Result<CertificateState> Set(CertificateRequest body, CertificateStore store, Caller caller)
    {
        if (body.Names is { } names && store.SetNames(names, caller) is { Succeeded: false } refused) return refused;
        if (body.Origin is not { } origin) return Result<CertificateState>.Ok(store.State);
        return origin switch
        {
            CertificateOrigin.Own => store.UseOwn(caller),
            CertificateOrigin.Files => store.UseFiles(body.CertificateFile ?? "", body.KeyFile ?? "", caller),
            CertificateOrigin.Uploaded => store.Upload(Encoding.UTF8.GetBytes(body.Certificate ?? ""), body.Key is null ? null : Encoding.UTF8.GetBytes(body.Key),
                body.Password is null ? null : new Secret(body.Password), caller),
        };
    }

    private static object Describe(CertificateState state, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new
        {
            state.Settings.Origin, state.Settings.Names, state.Settings.CertificateFile, state.Settings.KeyFile,
            serving = new
            {
                state.Serving.Origin, state.Serving.Names, state.Serving.Issuer, state.Serving.NotBefore, state.Serving.NotAfter, state.Serving.Fingerprint,
                ellipticFingerprint = state.Serving.Elliptic?.Fingerprint,
                daysLeft = state.DaysLeft(now),
            },
            root = state.Root,
            alert = state.AlertAt(now),
            trouble = state.Trouble.Select(e => new FieldError(e.Path, e.Message, e.Code)),
        };
    }

    /// <summary>What is to be changed; what is absent stays.</summary>
    /// <param name="Origin">Where the certificate is to come from.</param>
    /// <param name="Names">Names and addresses of the server.</param>
    /// <param name="Certificate">Uploaded: PEM text, the whole chain.</param>
    /// <param name="Key">Uploaded: PEM text of the key, if it is not in the other.</param>
    /// <param name="Password">Uploaded: of the key.</param>
    /// <param name="CertificateFile">Files: path on the server.</param>
    /// <param name="KeyFile">Files: path on the server.</param>
    internal sealed record CertificateRequest(CertificateOrigin? Origin, string[]? Names, string? Certificate, string? Key, string? Password, string? CertificateFile,
        string? KeyFile);
}
