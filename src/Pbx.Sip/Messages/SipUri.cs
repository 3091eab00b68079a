using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>What kind of URI it is.</summary>
internal enum UriScheme : byte
{
    /// <summary>sip:</summary>
    Sip,
    /// <summary>sips:</summary>
    Sips,
    /// <summary>tel: (RFC 3966); the number is <see cref="SipUri.User"/>.</summary>
    Tel,
    /// <summary>Anything else, kept as text.</summary>
    Other,
}

/// <summary>A SIP, SIPS or tel URI (RFC 3261 §19.1), immutable. A parsed one prints exactly as it was received.</summary>
internal sealed partial class SipUri
{
    private string? _text;

    private SipUri(UriScheme scheme) => Scheme = scheme;

    /// <summary>A sip: URI.</summary>
    /// <param name="user">The user part, not escaped; null or empty for none.</param>
    /// <param name="host">Host name or address; IPv6 without brackets.</param>
    /// <param name="port">The port, or null.</param>
    /// <param name="parameters">Its parameters.</param>
    public SipUri(string? user, string host, int? port = null, SipParameters parameters = default)
    {
        if (!IsHost(host, host.Contains(':')))
            throw new ArgumentException("Not a host.", nameof(host));
        Scheme = UriScheme.Sip;
        User = user ?? "";
        Host = host;
        Port = port;
        Parameters = parameters;
    }

    /// <summary>A sip: URI of an address.</summary>
    public SipUri(string? user, IPEndPoint address, SipParameters parameters = default)
        : this(user, address.Address.ToString(), address.Port, parameters)
    {
    }

    /// <summary>Its kind.</summary>
    public UriScheme Scheme { get; private init; }

    /// <summary>The user part without escapes, or the number of a tel URI; empty when there is none.</summary>
    public string User { get; private init; } = "";

    /// <summary>The password of the user part, which nobody should use; null when there is none.</summary>
    public string? Password { get; private init; }

    /// <summary>The host; IPv6 without brackets; empty for tel and others.</summary>
    public string Host { get; private init; } = "";

    /// <summary>The port, or null when not written.</summary>
    public int? Port { get; private init; }

    /// <summary>The URI's parameters (transport, lr, user, maddr, ttl, method ...), without escapes.</summary>
    public SipParameters Parameters { get; private init; }

    /// <summary>The headers after the question mark, without escapes.</summary>
    public SipParameters Headers { get; private init; }

    /// <summary>True when it is a loose router's (RFC 3261 §19.1.1).</summary>
    public bool IsLooseRouter => Parameters.Contains("lr");

    /// <summary>The transport parameter in capitals, or null.</summary>
    public string? Transport => Parameters["transport"]?.ToUpperInvariant();

    /// <summary>True for sip and sips.</summary>
    public bool IsSip => Scheme is UriScheme.Sip or UriScheme.Sips;

    /// <summary>The port, or the default of the scheme.</summary>
    public int EffectivePort => Port ?? (Scheme == UriScheme.Sips ? 5061 : 5060);

    /// <summary>The same URI with one parameter set.</summary>
    public SipUri WithParameter(string name, string? value = null) => Copy(Parameters.With(name, value), Headers);

    /// <summary>The same URI without one parameter.</summary>
    public SipUri WithoutParameter(string name) => Copy(Parameters.Without(name), Headers);

    /// <summary>The same URI with other parameters.</summary>
    public SipUri WithParameters(SipParameters parameters) => Copy(parameters, Headers);

    /// <summary>The same URI without headers, as a Request-URI must be (§19.1.5).</summary>
    public SipUri WithoutHeaders() => Headers.Count == 0 ? this : Copy(Parameters, default);

    /// <summary>The same URI in another scheme.</summary>
    public SipUri WithScheme(UriScheme scheme) => new(scheme)
    {
        User = User, Password = Password, Host = Host, Port = Port, Parameters = Parameters, Headers = Headers,
    };

    /// <summary>The same URI at another host.</summary>
    public SipUri WithHost(string host, int? port) => new(User, host, port, Parameters) { Scheme = Scheme, Password = Password };

    /// <summary>Only scheme, user and host, in the form by which an address of record is looked up (§10.3 step 5).</summary>
    public SipUri AddressOfRecord => new(Scheme) { User = User, Host = Host, Port = Port, _text = IsSip ? null : _text };

    private SipUri Copy(SipParameters parameters, SipParameters headers) => new(Scheme)
    {
        User = User, Password = Password, Host = Host, Port = Port, Parameters = parameters, Headers = headers,
    };

    /// <summary>True for a host name or, when bracketed, an IPv6 address.</summary>
    public static bool IsHost(ReadOnlySpan<char> text, bool bracketed)
    {
        if (bracketed)
            return IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        // Underscores are not the grammar's, but hosts with them are in use.
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
        return text.Length is > 0 and <= 255;
    }

    /// <summary>Appends a host, IPv6 in brackets.</summary>
    public static void AppendHost(StringBuilder target, string host)
    {
        if (host.Contains(':'))
            target.Append('[').Append(host).Append(']');
        else
            target.Append(host);
    }

    /// <summary>The URI as it is written.</summary>
    public override string ToString() => _text ??= Write();

    private string Write()
    {
        var text = new StringBuilder();
        if (Scheme == UriScheme.Tel)
            text.Append("tel:").Append(User);
        else
        {
            text.Append(Scheme == UriScheme.Sips ? "sips:" : "sip:");
            if (User.Length > 0)
            {
                AppendEscaped(text, User, UserUnreserved);
                if (Password is not null)
                    AppendEscaped(text.Append(':'), Password, PasswordUnreserved);
                text.Append('@');
            }
            AppendHost(text, Host);
            if (Port is { } port)
                text.Append(':').Append(port.ToString(CultureInfo.InvariantCulture));
        }
        foreach (var (name, value, _) in Parameters.Items)
        {
            AppendEscaped(text.Append(';'), name, ParameterUnreserved);
            if (value is not null)
                AppendEscaped(text.Append('='), value, ParameterUnreserved);
        }
        var separator = '?';
        foreach (var (name, value, _) in Headers.Items)
        {
            AppendEscaped(text.Append(separator), name, HeaderUnreserved);
            AppendEscaped(text.Append('='), value ?? "", HeaderUnreserved);
            separator = '&';
        }
        return text.ToString();
    }

    /// <summary>Parses a URI; false when it is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        var colon = text.IndexOf(':');
        if (colon <= 0 || !char.IsAsciiLetter(text[0]))
            return false;
        foreach (var c in text)
            if (c <= ' ' || c is '<' or '>' or '"' or '\x7f')
                return false;
        var scheme = text[..colon];
        var rest = text[(colon + 1)..];
        if (scheme.Equals("sip", StringComparison.OrdinalIgnoreCase))
            uri = ParseSip(UriScheme.Sip, rest);
        else if (scheme.Equals("sips", StringComparison.OrdinalIgnoreCase))
            uri = ParseSip(UriScheme.Sips, rest);
        else if (scheme.Equals("tel", StringComparison.OrdinalIgnoreCase))
            uri = ParseTel(rest);
        else if (!scheme.ContainsAnyExcept(SchemeCharacters) && !rest.IsEmpty)
            uri = new SipUri(UriScheme.Other);
        if (uri is not null)
            uri._text = text.ToString();
        return uri is not null;
    }

    /// <summary>Parses a URI that is known to be right, such as one of ours.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static SipUri Parse(string text) => TryParse(text, out var uri) ? uri : throw new FormatException("Malformed URI.");
}
