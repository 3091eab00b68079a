using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>One hop of the Via header (RFC 3261 §20.42).</summary>
/// <param name="Transport">UDP, TCP, TLS, WS, WSS ..., in capitals.</param>
/// <param name="Host">The sent-by host; IPv6 addresses without brackets.</param>
/// <param name="Port">The sent-by port; null when not written.</param>
/// <param name="Parameters">branch, received, rport and others.</param>
internal sealed record Via(string Transport, string Host, int? Port, SipParameters Parameters = default)
{
    /// <summary>What branches of RFC 3261 begin with (§8.1.1.7).</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <summary>The branch, or null.</summary>
    public string? Branch => Parameters["branch"];

    /// <summary>True when the branch identifies the transaction: the cookie with something after it.</summary>
    public bool HasMagicBranch => Branch is { Length: > 7 } branch && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address that the next hop saw it come from (§18.2.1).</summary>
    public string? Received => Parameters["received"];

    /// <summary>True when the sender asks for the response at its source port (RFC 3581).</summary>
    public bool WantsRPort => Parameters.Contains("rport");

    /// <summary>The source port that the next hop saw, or null.</summary>
    public int? RPort => ushort.TryParse(Parameters["rport"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>The sent-by port, or the default of the transport.</summary>
    public int EffectivePort => Port ?? (Transport is "TLS" or "WSS" ? 5061 : 5060);

    /// <summary>
    /// The same hop with what the transport saw: <c>received</c> when the source differs from sent-by (§18.2.1) or rport is asked,
    /// and <c>rport</c> filled in when it is asked (RFC 3581 §4).
    /// </summary>
    public Via SeenFrom(IPEndPoint source)
    {
        var address = source.Address.IsIPv4MappedToIPv6 ? source.Address.MapToIPv4() : source.Address;
        var parameters = Parameters;
        if (WantsRPort || !(IPAddress.TryParse(Host, out var sentBy) && sentBy.Equals(address)))
            parameters = parameters.With("received", Format(address));
        if (WantsRPort)
            parameters = parameters.With("rport", source.Port.ToString(CultureInfo.InvariantCulture));
        return this with { Parameters = parameters };
    }

    /// <summary>Parses a comma list; false when one of its members is malformed.</summary>
    public static bool TryParseList(ReadOnlySpan<char> text, List<Via> target)
    {
        var scanner = new SipScanner(text);
        do
        {
            if (!TryParse(ref scanner, out var via))
                return false;
            target.Add(via);
        }
        while (scanner.Take(','));
        return scanner.AtEnd;
    }

    private static bool TryParse(ref SipScanner scanner, [NotNullWhen(true)] out Via? via)
    {
        via = null;
        scanner.SkipSpace();
        if (!scanner.TakeToken().Equals("SIP", StringComparison.OrdinalIgnoreCase) || !scanner.Take('/')
            || !scanner.TakeToken().SequenceEqual("2.0") || !scanner.Take('/'))
            return false;
        var transport = scanner.TakeToken();
        if (transport.IsEmpty || scanner.Current is not (' ' or '\t'))
            return false;
        var name = KnownTransport(transport);
        scanner.SkipSpace();
        if (!TryParseSentBy(ref scanner, out var host, out var port) || !SipParameters.TryParse(ref scanner, out var parameters))
            return false;
        via = new Via(name, host, port, parameters);
        return true;
    }

    private static bool TryParseSentBy(ref SipScanner scanner, out string host, out int? port)
    {
        host = "";
        port = null;
        var bracketed = scanner.Current == '[';
        var text = bracketed ? scanner.TakeUntil("]") : scanner.TakeUntil(" \t:;,");
        host = (bracketed ? text[1..] : text).ToString();
        if (bracketed && !scanner.Take(']'))
            return false;
        if (!SipUri.IsHost(host, bracketed))
            return false;
        if (!scanner.Take(':'))
            return true;
        if (!ushort.TryParse(scanner.TakeDigits(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        port = number;
        return true;
    }

    private static string KnownTransport(ReadOnlySpan<char> text) =>
        text.Equals("UDP", StringComparison.OrdinalIgnoreCase) ? "UDP"
        : text.Equals("TCP", StringComparison.OrdinalIgnoreCase) ? "TCP"
        : text.ToString().ToUpperInvariant();

    private static string Format(IPAddress address) => address.ToString();

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder("SIP/2.0/").Append(Transport).Append(' ');
        SipUri.AppendHost(text, Host);
        if (Port is { } port)
            text.Append(':').Append(port);
        Parameters.AppendTo(text);
        return text.ToString();
    }
}
