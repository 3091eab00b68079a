using System.Net;
using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Configuration.Validation;

/// <summary>What each kind of object must hold by itself, without looking at others.</summary>
internal static class ObjectRules
{
    public static void Check(IConfigObject item, Findings findings)
    {
        findings.Key(item);
        if (NameOf(item) is { } name) findings.Name(item, name);
        switch (item)
        {
            case SystemSettings settings: Settings(settings, findings); break;
            case Site site: SiteRules.Check(site, findings); break;
            case Extension extension: Extension(extension, findings); break;
            case Trunk trunk: Trunk(trunk, findings); break;
            case InboundRule rule: Inbound(rule, findings); break;
            case OutboundRule rule: Outbound(rule, findings); break;
            case IvrMenu menu: Menu(menu, findings); break;
            case Queue queue: Queue(queue, findings); break;
            case RingGroup group: Group(group, findings); break;
            case Announcement announcement: findings.SingleKey(announcement, "skipKey", announcement.SkipKey); break;
            case Mailbox mailbox: Mailbox(mailbox, findings); break;
            case Prompt prompt: Prompt(prompt, findings); break;
        }
    }

    private static string? NameOf(IConfigObject item) => item switch
    {
        ITargetObject target => target.Name,
        Site site => site.Name,
        Trunk trunk => trunk.Name,
        InboundRule rule => rule.Name,
        OutboundRule rule => rule.Name,
        Prompt prompt => prompt.Name,
        _ => null,
    };

    private static void Settings(SystemSettings settings, Findings findings)
    {
        findings.Range(settings, "minExpiresSeconds", settings.MinExpiresSeconds, 30, 3600);
        findings.Range(settings, "maxExpiresSeconds", settings.MaxExpiresSeconds, 60, 86400);
        if (settings.MinExpiresSeconds > settings.MaxExpiresSeconds)
            findings.Add("expires-reversed", "settings/minExpiresSeconds", "The shortest registration is longer than the longest: exchange them.");
        findings.Range(settings, "maxContacts", settings.MaxContacts, 1, 100);
        findings.Range(settings, "drainSeconds", settings.DrainSeconds, 0, 3600);
        Outside(settings, findings);
        findings.Range(settings, "mail/port", settings.Mail.Port, 1, 65535);
        if (settings.Mail.From.Length > 0) findings.Email(settings, "mail/from", settings.Mail.From);
        else if (settings.Mail.Host is not null)
            findings.Add("sender-missing", "settings/mail/from", "Mail needs a sender address: give the one that your server lets you send from.");
        if (!settings.SpeechCommand.Contains("{wav}", StringComparison.Ordinal) || !settings.SpeechCommand.Contains("{text}", StringComparison.Ordinal))
            findings.Add("speech-command-invalid", "settings/speechCommand", "The speech command needs {text} (the file to read) and {wav} (the file to write).");
    }

    private static void Outside(SystemSettings settings, Findings findings)
    {
        var limits = settings.Outbound;
        findings.Range(settings, "outbound/callsPerHour", limits.CallsPerHour, 0, 100_000);
        findings.Range(settings, "outbound/callsPerDay", limits.CallsPerDay, 0, 1_000_000);
        findings.Range(settings, "outbound/minutesPerHour", limits.MinutesPerHour, 0, 100_000);
        findings.Range(settings, "outbound/minutesPerDay", limits.MinutesPerDay, 0, 1_000_000);
        findings.Email(settings, "outbound/alertAddress", limits.AlertAddress);
        foreach (var country in limits.Countries)
            if (!NumberPlan.Countries.Contains(country))
                findings.Add("country-unknown", "settings/outbound/countries", $"'{country}' is no country code: use two letters such as FR or GB.", country);
        for (var i = 0; i < settings.NeverBanned.Count; i++)
            if (NetworkText.Read(settings.NeverBanned[i]) is null)
                findings.Add("address-invalid", $"settings/neverBanned/{i}",
                    $"'{settings.NeverBanned[i]}' is no address: write one such as 192.0.2.1 or a network such as 192.0.2.0/24.", settings.NeverBanned[i]);
    }

    private static void Extension(Extension extension, Findings findings)
    {
        findings.Range(extension, "ringSeconds", extension.RingSeconds, 5, 300);
        findings.Email(extension, "email", extension.Email);
        findings.PublicNumber(extension, "presentedNumber", extension.PresentedNumber);
        for (var i = 0; i < extension.Devices.Count; i++)
        {
            var device = extension.Devices[i];
            if (!Findings.IsKey(device.Key))
                findings.Add("key-invalid", Findings.Path(extension, $"devices/{i}/key"), $"'{device.Key}' is no key: use 1 to 63 lower-case letters, digits and hyphens.", device.Key);
            if (device.UserName.Length is 0 or > 64 || !device.UserName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
                findings.Add("user-name-invalid", Findings.Path(extension, $"devices/{i}/userName"), $"'{device.UserName}' is no user name: use 1 to 64 letters, digits, dots, hyphens and underscores.", device.UserName);
            if (device.Digest == 0 || (device.Digest & ~(DigestAlgorithms.Md5 | DigestAlgorithms.Sha256)) != 0)
                findings.Add("digest-missing", Findings.Path(extension, $"devices/{i}/digest"), "Choose at least one digest algorithm: MD5 is what every phone knows.");
        }
        foreach (var twice in extension.Devices.GroupBy(d => d.Key).Where(g => g.Count() > 1))
            findings.Add("device-twice", Findings.Path(extension, "devices"), $"Two devices have the key '{twice.Key}': rename one.", twice.Key);
    }

    private static void Trunk(Trunk trunk, Findings findings)
    {
        findings.Range(trunk, "expiresSeconds", trunk.ExpiresSeconds, 60, 7200);
        findings.Range(trunk, "maxCalls", trunk.MaxCalls, 0, 100_000);
        findings.Range(trunk, "qualifySeconds", trunk.QualifySeconds, 0, 3600);
        if (trunk.Port is { } port) findings.Range(trunk, "port", port, 1, 65535);
        findings.Country(trunk, trunk.Country);
        if (Uri.CheckHostName(trunk.Host) == UriHostNameType.Unknown)
            findings.Add("host-invalid", Findings.Path(trunk, "host"), $"'{trunk.Host}' is no host: write the provider's host name or address.", trunk.Host);
        if (trunk.TlsAuthorities is { } authorities && !Findings.AreCertificates(authorities))
            findings.Add("authorities-invalid", Findings.Path(trunk, "tlsAuthorities"), "This is no certificate in PEM form (-----BEGIN CERTIFICATE-----).");
        if (trunk.Registers && string.IsNullOrEmpty(trunk.UserName))
            findings.Add("user-name-missing", Findings.Path(trunk, "userName"), "A trunk that registers needs the account's user name.");
        findings.PublicNumber(trunk, "presentedNumber", trunk.PresentedNumber);
        for (var i = 0; i < trunk.Numbers.Count; i++) findings.PublicNumber(trunk, $"numbers/{i}", trunk.Numbers[i]);
        for (var i = 0; i < trunk.SourceAddresses.Count; i++)
        {
            var address = trunk.SourceAddresses[i];
            if (!IPAddress.TryParse(address, out _) && !IPNetwork.TryParse(address, out _))
                findings.Add("address-invalid", Findings.Path(trunk, $"sourceAddresses/{i}"), $"'{address}' is no address: write one such as 192.0.2.1 or a network such as 192.0.2.0/24.", address);
        }
    }

    private static void Inbound(InboundRule rule, Findings findings)
    {
        if (!IsNumberPattern(rule.Called))
            findings.Add("pattern-invalid", Findings.Path(rule, "called"), $"'{rule.Called}' matches no number: write one such as +33140000000, a prefix such as +331400*, or *.", rule.Called);
        if (rule.Caller is { } caller && !IsNumberPattern(caller))
            findings.Add("pattern-invalid", Findings.Path(rule, "caller"), $"'{caller}' matches no number: write one such as +33140000000, a prefix such as +331400*, or leave it empty.", caller);
    }

    private static bool IsNumberPattern(string pattern)
    {
        var digits = pattern.EndsWith('*') ? pattern[..^1] : pattern;
        if (digits.StartsWith('+')) digits = digits[1..];
        return (digits.Length == 0 ? pattern.EndsWith('*') : Findings.IsDigits(digits)) && digits.Length <= 20;
    }

    private static void Outbound(OutboundRule rule, Findings findings)
    {
        findings.Range(rule, "priority", rule.Priority, 0, 100_000);
        if (!DialPattern.IsValid(rule.Pattern))
            findings.Add("dialled-pattern-invalid", Findings.Path(rule, "pattern"), $"'{rule.Pattern}' is no pattern: use digits, +, X (any digit), Z (1 to 9), N (2 to 9) and a final *.", rule.Pattern);
        if (rule.Steps.Count == 0)
            findings.Add("steps-missing", Findings.Path(rule, "steps"), "The rule names no trunk: add at least one.");
        for (var i = 0; i < rule.Steps.Count; i++)
        {
            findings.Range(rule, $"steps/{i}/strip", rule.Steps[i].Strip, 0, 20);
            if (rule.Steps[i].Prepend.Length > 0 && !Findings.IsOutsideNumber(rule.Steps[i].Prepend + "00"))
                findings.Add("prepend-invalid", Findings.Path(rule, $"steps/{i}/prepend"), $"'{rule.Steps[i].Prepend}' cannot be dialled: use digits, * and #, with + in front only.", rule.Steps[i].Prepend);
            findings.PublicNumber(rule, $"steps/{i}/presentedNumber", rule.Steps[i].PresentedNumber);
        }
    }

    private static void Menu(IvrMenu menu, Findings findings)
    {
        findings.Range(menu, "timeoutSeconds", menu.TimeoutSeconds, 1, 60);
        findings.Range(menu, "repeats", menu.Repeats, 0, 10);
        findings.Range(menu, "maxInvalid", menu.MaxInvalid, 1, 10);
        findings.Range(menu, "interDigitSeconds", menu.InterDigitSeconds, 1, 10);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < menu.Keys.Count; i++)
        {
            var digits = menu.Keys[i].Digits;
            if (!Findings.IsDialled(digits) || digits.Length > 20)
                findings.Add("key-pressed-invalid", Findings.Path(menu, $"keys/{i}/digits"), $"'{digits}' cannot be pressed: use 0-9, * and #.", digits);
            else if (!seen.Add(digits))
                findings.Add("menu-key-twice", Findings.Path(menu, $"keys/{i}/digits"), $"The key {digits} is used twice: remove one.", digits);
        }
    }

    private static void Queue(Queue queue, Findings findings)
    {
        findings.Range(queue, "ringSeconds", queue.RingSeconds, 5, 300);
        findings.Range(queue, "maxWaitSeconds", queue.MaxWaitSeconds, 5, 86400);
        findings.Range(queue, "retrySeconds", queue.RetrySeconds, 0, 600);
        findings.Range(queue, "wrapUpSeconds", queue.WrapUpSeconds, 0, 3600);
        findings.Range(queue, "waitingEverySeconds", queue.WaitingEverySeconds, 5, 600);
        findings.Range(queue, "maxCallers", queue.MaxCallers, 0, 100_000);
        findings.Range(queue, "priority", queue.Priority, -1000, 1000);
        findings.SingleKey(queue, "exitKey", queue.ExitKey);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < queue.Agents.Count; i++)
        {
            findings.Range(queue, $"agents/{i}/tier", queue.Agents[i].Tier, 1, 100);
            if (!seen.Add(queue.Agents[i].Extension))
                findings.Add("agent-twice", Findings.Path(queue, $"agents/{i}/extension"), $"{queue.Agents[i].Extension} is in the queue twice: remove one.", queue.Agents[i].Extension);
        }
    }

    private static void Group(RingGroup group, Findings findings)
    {
        findings.Range(group, "ringSeconds", group.RingSeconds, 5, 300);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < group.Members.Count; i++)
        {
            if (!seen.Add(group.Members[i]))
                findings.Add("member-twice", Findings.Path(group, $"members/{i}"), $"{group.Members[i]} is in the group twice: remove one.", group.Members[i]);
        }
    }

    private static void Mailbox(Mailbox mailbox, Findings findings)
    {
        findings.Range(mailbox, "minSeconds", mailbox.MinSeconds, 1, 60);
        findings.Range(mailbox, "maxSeconds", mailbox.MaxSeconds, 10, 3600);
        findings.Range(mailbox, "silenceSeconds", mailbox.SilenceSeconds, 2, 60);
        findings.Range(mailbox, "maxMessages", mailbox.MaxMessages, 1, 100_000);
        if (mailbox.MinSeconds >= mailbox.MaxSeconds)
            findings.Add("lengths-reversed", Findings.Path(mailbox, "minSeconds"), "The shortest message is not shorter than the longest: exchange them.");
        if (mailbox.Pin is { } pin && pin.Reveal() is var digits && (digits.Length is < 4 or > 16 || !Findings.IsDigits(digits)))
            findings.Add("pin-invalid", Findings.Path(mailbox, "pin"), "A PIN has 4 to 16 digits.");
        for (var i = 0; i < mailbox.MailAddresses.Count; i++) findings.Email(mailbox, $"mailAddresses/{i}", mailbox.MailAddresses[i]);
    }

    private static void Prompt(Prompt prompt, Findings findings)
    {
        if (prompt.Language is not ("fr" or "en"))
            findings.Add("language-unknown", Findings.Path(prompt, "language"), $"'{prompt.Language}' is no language here: choose fr or en.", prompt.Language);
        if (prompt.Spoken && string.IsNullOrWhiteSpace(prompt.Text))
            findings.Add("text-missing", Findings.Path(prompt, "text"), "There is nothing to speak: write the text, or upload a sound.");
    }
}
