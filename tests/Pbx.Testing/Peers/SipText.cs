namespace Pbx.Testing.Peers;

/// <summary>A SIP message as text, read the simplest way.</summary>
public sealed class SipText(string text)
{
    private readonly string[] lines = text.Split("\r\n\r\n", 2)[0].Split("\r\n");

    /// <summary>The whole text.</summary>
    public string Text => text;

    /// <summary>Status of a response; 0 for a request.</summary>
    public int Status => lines[0].StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? int.Parse(lines[0].AsSpan(8, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>Method: of a request, or in the CSeq of a response.</summary>
    public string Method => Status == 0 ? lines[0].Split(' ')[0] : Header("CSeq")!.Split(' ')[1];

    /// <summary>The body.</summary>
    public string Body => text.Split("\r\n\r\n", 2) is [_, var body] ? body : "";

    /// <summary>The first header of a name, or null.</summary>
    public string? Header(string name) => Headers(name).FirstOrDefault();

    /// <summary>All headers of a name, in order.</summary>
    public IEnumerable<string> Headers(string name) => lines.Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim());

    /// <summary>The URI in angle brackets of a header.</summary>
    public string? Uri(string name) => Header(name) is { } value && value.Contains('<', StringComparison.Ordinal)
        ? value[(value.IndexOf('<', StringComparison.Ordinal) + 1)..value.IndexOf('>', StringComparison.Ordinal)]
        : Header(name)?.Split(';')[0];

    /// <summary>A response to this request.</summary>
    public string Reply(int status, string? toTag = null, string extra = "", string body = "")
    {
        var to = Header("To")!;
        if (toTag is not null && !to.Contains(";tag=", StringComparison.Ordinal)) to += ";tag=" + toTag;
        var vias = string.Concat(Headers("Via").Select(via => $"Via: {via}\r\n"));
        var routes = string.Concat(Headers("Record-Route").Select(route => $"Record-Route: {route}\r\n"));
        return $"SIP/2.0 {status} Test\r\n{vias}{routes}From: {Header("From")}\r\nTo: {to}\r\nCall-ID: {Header("Call-ID")}\r\nCSeq: {Header("CSeq")}\r\n"
            + $"{extra}Content-Length: {body.Length}\r\n\r\n{body}";
    }
}
