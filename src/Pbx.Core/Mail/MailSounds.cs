using Pbx.Core.Common;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Mail;

/// <summary>Reads the sound of a message for its mails, and converts it where MP3 is asked for.</summary>
internal sealed class MailSounds(DataDirectory directory)
{
    private static readonly TimeSpan ConvertLimit = TimeSpan.FromSeconds(60);
    private (Guid Message, MailSound Sound)? last;

    /// <summary>The sound; null when it is gone. The mails of one message follow each other, so the last one is kept.</summary>
    public async Task<MailSound?> OfAsync(string mailbox, Guid message, AttachmentFormat format, CancellationToken cancellationToken)
    {
        if (last is { } kept && kept.Message == message && kept.Sound.Format == format) return kept.Sound;
        var path = directory.MessageFile(mailbox, message);
        if (!File.Exists(path)) return null;
        var mp3 = format == AttachmentFormat.Mp3 ? await ConvertAsync(path, cancellationToken) : null;
        // A converter that fails must not keep the message from its recipients.
        var sound = mp3 ?? new MailSound(await File.ReadAllBytesAsync(path, cancellationToken), AttachmentFormat.Wav);
        last = (message, sound);
        return sound;
    }

    /// <summary>Forgets the last one.</summary>
    public void Forget() => last = null;

    private async Task<MailSound?> ConvertAsync(string wav, CancellationToken cancellationToken)
    {
        DataDirectory.Make(directory.Temporary);
        var mp3 = Path.Combine(directory.Temporary, Guid.NewGuid().ToString("N") + ".mp3");
        try
        {
            string[] arguments =
            [
                "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file", "-format_whitelist", "wav",
                "-i", "file:" + wav, "-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3", "-y", "file:" + mp3,
            ];
            var run = await ChildProcess.RunAsync("ffmpeg", arguments, ConvertLimit, cancellationToken);
            return run.Succeeded ? new MailSound(await File.ReadAllBytesAsync(mp3, cancellationToken), AttachmentFormat.Mp3) : null;
        }
        finally
        {
            File.Delete(mp3);
        }
    }
}
