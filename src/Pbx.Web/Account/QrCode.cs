using Microsoft.AspNetCore.Components;
using QRCoder;

namespace Pbx.Web.Account;

/// <summary>A text as a picture that a telephone's camera reads.</summary>
internal static class QrCode
{
    private const int PixelsPerModule = 4;

    /// <summary>The picture as SVG, dark on light in every theme: cameras want it so.</summary>
    public static MarkupString Svg(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return (MarkupString)picture.GetGraphic(PixelsPerModule);
    }
}
