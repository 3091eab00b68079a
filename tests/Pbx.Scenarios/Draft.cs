using System.Text;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>A request as a test writes it: right in every line that it does not change.</summary>
/// <param name="What">What is wrong with it, in words.</param>
/// <param name="Method">Its method.</param>
/// <param name="Answers">The statuses that are sensible answers when it comes with valid credentials; 0 is silence.</param>
public sealed record Draft(string What, string Method, params int[] Answers)
{
    /// <summary>The Request-URI; the menu there answers each call at once. <c>{user}</c> stands for who sends it.</summary>
    public string Uri { get; init; } = "sip:800@127.0.0.1";

    /// <summary>The whole line of From; <c>{user}</c> stands for who sends it.</summary>
    public string From { get; init; } = "From: <sip:{user}@127.0.0.1>;tag=here";

    /// <summary>The whole line of To, unless it is the Request-URI; <c>{user}</c> stands for who sends it.</summary>
    public string? To { get; init; }

    /// <summary>The value of CSeq, unless it is the method's.</summary>
    public string? CSeq { get; init; }

    /// <summary>The value of Contact, unless it is the sender's address.</summary>
    public string? Contact { get; init; }

    /// <summary>Further lines, each with its end.</summary>
    public string Extra { get; init; } = "";

    /// <summary>The value of Content-Type of what has a body.</summary>
    public string Type { get; init; } = "application/sdp";

    /// <summary>The value of Content-Length, unless it is the body's.</summary>
    public string? Length { get; init; }

    /// <summary>The body; <c>{address}</c> stands for the sender's.</summary>
    public string Body { get; init; } = "";

    /// <summary>Its Request-URI when this one sends it.</summary>
    public string UriOf(PlainPeer peer) => Uri.Replace("{user}", peer.Account.User, StringComparison.Ordinal);

    /// <summary>Writes it for a peer.</summary>
    public string Write(PlainPeer peer, string callId, string authorization)
    {
        var body = Body.Replace("{address}", peer.Local.Address.ToString(), StringComparison.Ordinal);
        var type = body.Length > 0 ? $"Content-Type: {Type}\r\n" : "";
        return $"{Method} {UriOf(peer)} SIP/2.0\r\nVia: SIP/2.0/{peer.Transport} {peer.Local};rport;branch=z9hG4bK{Guid.NewGuid():n}\r\nMax-Forwards: 70\r\n"
            + Named($"{From}\r\n{To ?? $"To: <{Uri}>"}\r\n") + $"Call-ID: {callId}\r\nCSeq: {CSeq ?? $"1 {Method}"}\r\n"
            + $"Contact: {Contact ?? $"<sip:{peer.Account.User}@{peer.Local};transport={peer.Transport}>"}\r\n{authorization}{Named(Extra)}{type}"
            + $"Content-Length: {Length ?? $"{Encoding.UTF8.GetByteCount(body)}"}\r\n\r\n{body}";

        string Named(string text) => text.Replace("{user}", peer.Account.User, StringComparison.Ordinal);
    }

    /// <summary>A question that anybody may ask, of a client whose address does not matter.</summary>
    public static string Options(string transport) =>
        $"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport} 127.0.0.3:5060;branch=z9hG4bK{Guid.NewGuid():n}\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:t@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: {Guid.NewGuid():n}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

    /// <summary>An offer of one sound in PCMA, with lines of the test in it.</summary>
    public static string Offer(string media = "m=audio 9 RTP/AVP 8 101", string lines = "", string connection = "c=IN IP4 {address}") =>
        $"v=0\r\no=- 1 1 IN IP4 {{address}}\r\ns=-\r\n{connection}\r\nt=0 0\r\n{media}\r\na=rtpmap:101 telephone-event/8000\r\n{lines}";

    /// <summary>The ACK and, after a 2xx, the BYE that an INVITE's final answer asks for.</summary>
    public IEnumerable<(string Method, string Text)> After(PlainPeer peer, string callId, string sent, SipText answer)
    {
        if (Method != "INVITE") yield break;
        var accepted = answer.Status < 300;
        var target = accepted ? answer.Uri("Contact")! : Uri;
        // The ACK of a refusal belongs to its transaction, and has its Via (RFC 3261 section 17.1.1.3).
        var via = accepted ? $"Via: SIP/2.0/{peer.Transport} {peer.Local};rport;branch=z9hG4bK{Guid.NewGuid():n}" : $"Via: {new SipText(sent).Header("Via")}";
        var common = $"From: {new SipText(sent).Header("From")}\r\nTo: {answer.Header("To")}\r\nCall-ID: {callId}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n";
        yield return ("ACK", $"ACK {target} SIP/2.0\r\n{via}\r\n{common}CSeq: 1 ACK\r\n\r\n");
        if (accepted)
            yield return ("BYE", $"BYE {target} SIP/2.0\r\nVia: SIP/2.0/{peer.Transport} {peer.Local};rport;branch=z9hG4bK{Guid.NewGuid():n}\r\n{common}CSeq: 9 BYE\r\n\r\n");
    }
}
