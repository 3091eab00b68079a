using Pbx.Sip.Messages;

namespace Pbx.Sip.Defence;

/// <summary>Tells the tools that search the internet for telephone systems: they say who they are.</summary>
internal static class Scanners
{
    private static readonly string[] Names =
    [
        "friendly-scanner", "friendly-request", "sipvicious", "sipcli", "sip-scan", "sipscan", "sundayddr", "iwar", "vaxsipuseragent", "vaxipuseragent", "pplsip",
        "sivus", "siparmyknife", "smap ", "gulp/", "masscan", "zgrab", "nmap", "mr.sip", "sipptk", "cats-scanner", "eyebeam-scan", "stress test",
    ];

    /// <summary>True when its User-Agent or From is that of a scanner.</summary>
    public static bool Sent(SipRequest request) =>
        IsOne(request.Header(HeaderId.UserAgent)) || IsOne(request.Header(HeaderId.From));

    private static bool IsOne(string? text)
    {
        if (text is null) return false;
        foreach (var name in Names)
            if (text.Contains(name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
