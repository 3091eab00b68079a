using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>Writes session descriptions in the order of RFC 8866 §5.</summary>
internal static class SdpWriter
{
    /// <summary>The media type of a body that holds one.</summary>
    public const string ContentType = "application/sdp";

    /// <summary>The text of a session description.</summary>
    /// <exception cref="ArgumentException">A value holds a line end.</exception>
    public static string Write(SdpSession session)
    {
        var text = new StringBuilder(512);
        var origin = session.Origin;
        Line(text, 'v', "0");
        Line(text, 'o', string.Create(CultureInfo.InvariantCulture,
            $"{origin.User} {origin.SessionId} {origin.Version} IN {FamilyOf(origin.Address)} {origin.Address}"));
        Line(text, 's', session.Name);
        if (session.Connection is { } address)
            Connection(text, address);
        Line(text, 't', "0 0");
        Attributes(text, session.Attributes);
        foreach (var media in session.Media)
        {
            Line(text, 'm', string.Create(CultureInfo.InvariantCulture,
                $"{media.Type} {media.Port} {media.Protocol} {string.Join(' ', media.Formats)}").TrimEnd());
            if (media.Connection is { } own)
                Connection(text, own);
            Attributes(text, media.Attributes);
        }
        return text.ToString();
    }

    private static void Attributes(StringBuilder text, ValueList<SdpAttribute> attributes)
    {
        foreach (var (name, value) in attributes)
            Line(text, 'a', value is null ? name : $"{name}:{value}");
    }

    private static void Connection(StringBuilder text, IPAddress address) =>
        Line(text, 'c', $"IN {(address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4")} {address}");

    private static string FamilyOf(string address) => address.Contains(':') ? "IP6" : "IP4";

    private static void Line(StringBuilder text, char type, string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new ArgumentException("A line of SDP may not hold a line end.", nameof(value));
        text.Append(type).Append('=').Append(value).Append("\r\n");
    }
}
