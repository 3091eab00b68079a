using System.Globalization;
using Pbx.Sip.Defence;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>What an authenticated REGISTER asks for.</summary>
internal sealed record RegisterCommand
{
    /// <summary>Key of the extension.</summary>
    public required string Extension { get; init; }

    /// <summary>Key of the device.</summary>
    public required string Device { get; init; }

    /// <summary>Its Call-ID.</summary>
    public required string CallId { get; init; }

    /// <summary>Its CSeq.</summary>
    public required uint CSeq { get; init; }

    /// <summary>True for <c>Contact: *</c>.</summary>
    public bool All { get; init; }

    /// <summary>The contacts named; none: only a question.</summary>
    public IReadOnlyList<NameAddress> Contacts { get; init; } = [];

    /// <summary>The Expires header in seconds.</summary>
    public uint? Expires { get; init; }

    /// <summary>The Path.</summary>
    public IReadOnlyList<SipUri> Path { get; init; } = [];

    /// <summary>What it came by.</summary>
    public required Flow Flow { get; init; }

    /// <summary>User-Agent.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Reads a request.</summary>
    public static RegisterCommand Of(SipRequest request, string extension, string device, Flow flow) => new()
    {
        Extension = extension, Device = device, CallId = request.CallId, CSeq = request.CSeq.Number, All = request.HasStarContact,
        Contacts = request.Contacts, Expires = request.Expires, Path = [.. request.Addresses(HeaderId.Path).Select(path => path.Uri)],
        Flow = flow, UserAgent = PacketText.Printable(request.Header(HeaderId.UserAgent) ?? ""),
    };

    /// <summary>How long a contact asks to live, in seconds (§10.3 step 7): its own parameter, else Expires, else the default.</summary>
    public uint SecondsOf(NameAddress contact, uint byDefault) =>
        uint.TryParse(contact.Parameters["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var own) ? own : Expires ?? byDefault;
}

/// <summary>Limits of registrations.</summary>
/// <param name="MinSeconds">Shortest time that is granted; below it is 423.</param>
/// <param name="MaxSeconds">Longest time that is granted, also the default.</param>
/// <param name="MaxContacts">Most contacts of one extension.</param>
internal readonly record struct RegisterLimits(int MinSeconds, int MaxSeconds, int MaxContacts);

/// <summary>What became of a REGISTER.</summary>
/// <param name="Status">200, or why nothing was changed: 400, 403, 423 or 500.</param>
/// <param name="Bindings">The extension's bindings now.</param>
internal readonly record struct RegisterOutcome(int Status, IReadOnlyList<Binding> Bindings);
