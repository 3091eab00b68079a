using System.Net;
using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>An attribute line; a flag has no value.</summary>
internal readonly record struct SdpAttribute(string Name, string? Value = null)
{
    /// <summary>For logs: without the keys of a crypto line.</summary>
    public override string ToString() =>
        Value is null ? Name : Name.Equals(SdpCrypto.Attribute, StringComparison.OrdinalIgnoreCase) ? $"{Name}:..." : $"{Name}:{Value}";
}

/// <summary>The origin line: who describes the session, and which version of the description it is (RFC 8866 §5.2).</summary>
/// <param name="User">User name, or <c>-</c>.</param>
/// <param name="SessionId">Number of the session, kept as text for peers whose numbers are too long.</param>
/// <param name="Version">Version; goes up by one with each change (RFC 3264 §8).</param>
/// <param name="Address">Address of the host.</param>
internal sealed record SdpOrigin(string User, string SessionId, long Version, string Address);

/// <summary>A session description (RFC 8866), immutable: what offers and answers are made of.</summary>
internal sealed record SdpSession
{
    /// <summary>The origin.</summary>
    public required SdpOrigin Origin { get; init; }

    /// <summary>The session's name.</summary>
    public string Name { get; init; } = "-";

    /// <summary>The connection address for media without their own; null when absent or not an address.</summary>
    public IPAddress? Connection { get; init; }

    /// <summary>Attributes before the first media line.</summary>
    public ValueList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>The media lines in order; an answer has as many as its offer.</summary>
    public ValueList<SdpMedia> Media { get; init; } = [];

    /// <summary>The value of a session attribute; null when absent or a flag.</summary>
    public string? Attribute(string name) => SdpMedia.Find(Attributes, name)?.Value;
}

/// <summary>A media line with what belongs to it (RFC 8866 §5.14).</summary>
internal sealed record SdpMedia
{
    /// <summary>audio, video, image ...</summary>
    public required string Type { get; init; }

    /// <summary>The port; 0: rejected or switched off.</summary>
    public int Port { get; init; }

    /// <summary>The profile as text, to be echoed in an answer.</summary>
    public string Protocol { get; init; } = "RTP/AVP";

    /// <summary>The formats: payload types for RTP.</summary>
    public ValueList<string> Formats { get; init; } = [];

    /// <summary>Its own connection address; null: the session's.</summary>
    public IPAddress? Connection { get; init; }

    /// <summary>True when it has a connection line whose address could not be read, such as a host name.</summary>
    public bool HasUnreadableConnection { get; init; }

    /// <summary>Its attributes.</summary>
    public ValueList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>The profile.</summary>
    public SdpProfile Profile => SdpProfiles.Parse(Protocol);

    /// <summary>True for audio.</summary>
    public bool IsAudio => Type.Equals("audio", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the attribute is there.</summary>
    public bool Has(string name) => Find(Attributes, name) is not null;

    /// <summary>The value of an attribute; null when absent or a flag.</summary>
    public string? Attribute(string name) => Find(Attributes, name)?.Value;

    /// <summary>The value that an attribute such as rtpmap or fmtp has for one payload type.</summary>
    public string? AttributeOf(string name, string format)
    {
        foreach (var attribute in Attributes)
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && attribute.Value is { } value
                && value.StartsWith(format, StringComparison.Ordinal) && value.Length > format.Length && value[format.Length] == ' ')
                return value[(format.Length + 1)..].Trim();
        return null;
    }

    /// <summary>The first attribute of that name.</summary>
    public static SdpAttribute? Find(ValueList<SdpAttribute> attributes, string name)
    {
        foreach (var attribute in attributes)
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return attribute;
        return null;
    }
}
