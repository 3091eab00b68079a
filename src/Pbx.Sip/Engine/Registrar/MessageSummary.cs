using System.Globalization;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>What a device is told of its mailbox (RFC 3842 §5.2).</summary>
internal static class MessageSummary
{
    /// <summary>The event package.</summary>
    public const string Event = "message-summary";

    /// <summary>The type of its body.</summary>
    public const string ContentType = "application/simple-message-summary";

    /// <summary>The body for an extension; one without mailbox has no messages.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="voicemail">The counts.</param>
    /// <param name="extension">Key of the extension.</param>
    /// <param name="host">Our name towards the device.</param>
    public static string Of(PbxSnapshot snapshot, IVoicemail voicemail, string extension, string host)
    {
        var found = snapshot.Extensions.GetValueOrDefault(extension);
        var mailbox = found?.Mailbox is { } key ? snapshot.Mailboxes.GetValueOrDefault(key) : null;
        var count = mailbox is null ? default : voicemail.Counts.GetValueOrDefault(mailbox.Key);
        var account = new SipUri(mailbox?.Number ?? found?.Number, host);
        return string.Create(CultureInfo.InvariantCulture,
            $"Messages-Waiting: {(count.New > 0 ? "yes" : "no")}\r\nMessage-Account: {account}\r\nVoice-Message: {count.New}/{count.Old} (0/0)\r\n");
    }
}
