using System.Globalization;
using Pbx.Sip.Hosting;

namespace Pbx.Web.Hosting;

/// <summary>The boot settings below <c>Sip:Limits</c>.</summary>
internal static class LimitSettings
{
    /// <summary>All of them; the SIP side says which values can be used.</summary>
    public static IReadOnlyList<BootSetting> All { get; } =
    [
        Of("MessageBytes", "Largest SIP message in bytes (65536).", (limits, value) => limits with { MessageBytes = value }),
        Of("Headers", "Most header fields of a message (200).", (limits, value) => limits with { Headers = value }),
        Of("HeaderBytes", "Longest header field in bytes (8192).", (limits, value) => limits with { HeaderBytes = value }),
        Of("Connections", "Most SIP connections at once (10000).", (limits, value) => limits with { Connections = value }),
        Of("ConnectionsPerAddress", "Most SIP connections at once from one address (1000).", (limits, value) => limits with { ConnectionsPerAddress = value }),
        Of("FirstMessageSeconds", "A connection without a whole message by then is closed (30).", (limits, value) => limits with { FirstMessageSeconds = value }),
        Of("IdleSeconds", "A connection without traffic for so long is closed (7500).", (limits, value) => limits with { IdleSeconds = value }),
        Of("Transactions", "SIP transactions at which new requests are turned away (100000).", (limits, value) => limits with { Transactions = value }),
        Of("CallsPerExtension", "Most calls at once that one extension may have begun (20).", (limits, value) => limits with { CallsPerExtension = value }),
        Of("CallsPerAddress", "Most calls at once from one address of devices (500).", (limits, value) => limits with { CallsPerAddress = value }),
        Of("CallsPerMinute", "Most calls that one extension may begin in a minute (60).", (limits, value) => limits with { CallsPerMinute = value }),
        Of("FailuresPerAddress", "Wrong passwords after which an address is banned (5).", (limits, value) => limits with { FailuresPerAddress = value }),
        Of("GuessesPerAccount", "Wrong passwords a minute for one account from strangers; more are not judged (10).", (limits, value) => limits with { GuessesPerAccount = value }),
        Of("BanSeconds", "Length of a first ban; each further one is four times longer, up to a day (300).", (limits, value) => limits with { BanSeconds = value }),
    ];

    private static BootSetting Of(string name, string help, Func<SipLimitOptions, int, SipLimitOptions> set) => new($"Sip:Limits:{name}", help, (options, text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? options with { SipLimits = set(options.SipLimits, value) }
            : throw new FormatException("expects a whole number"));
}
