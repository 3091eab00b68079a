using MudBlazor;
using Pbx.Core.Access;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Certificates;

/// <summary>The certificate by which this server proves itself to phones and browsers.</summary>
public sealed class CertificatesFeature : ConsoleFeature
{
    /// <inheritdoc/>
    public override MenuEntry Menu => new(MenuGroup.System, t => t.Certificates, ConsoleUrls.Certificates, Icons.Material.Outlined.VerifiedUser, Permission.SeeConfiguration);

    /// <inheritdoc/>
    public override void MapApi(IEndpointRouteBuilder api) => api.MapCertificate();
}
