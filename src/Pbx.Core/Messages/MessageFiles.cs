using Pbx.Core.Common;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>The sounds of messages in the data directory.</summary>
internal sealed class MessageFiles(DataDirectory directory)
{
    /// <summary>Extension of what is written beside a recording while it is made.</summary>
    public const string DraftExtension = ".json";

    /// <summary>Brings the recording of a kept message to its place; nothing happens when it is there already.</summary>
    public void Settle(NewMessage message)
    {
        var place = PathOf(message.Mailbox, message.Id);
        try
        {
            if (File.Exists(message.RecordingFile)) DurableFiles.MoveIntoPlace(message.RecordingFile, place);
        }
        catch (FileNotFoundException) when (File.Exists(place))
        {
            // Keeping and draining both bring it to its place; the other one was faster.
        }
        File.Delete(DraftOf(message.RecordingFile));
    }

    /// <summary>Absolute path of a message's sound, or null when it is gone.</summary>
    public string? Find(string mailbox, Guid message)
    {
        var path = PathOf(mailbox, message);
        return File.Exists(path) ? Path.GetFullPath(path) : null;
    }

    /// <summary>Removes a message's sound.</summary>
    public void Delete(string mailbox, Guid message)
    {
        var path = PathOf(mailbox, message);
        if (File.Exists(path)) File.Delete(path);
    }

    /// <summary>The draft beside a recording.</summary>
    public static string DraftOf(string recordingFile) => Path.ChangeExtension(recordingFile, DraftExtension);

    private string PathOf(string mailbox, Guid message)
    {
        // Keys are validated when a mailbox is saved; a path is nothing to rely on that for.
        if (mailbox.Length == 0 || mailbox.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_'))
            throw new ArgumentException($"'{mailbox}' is no key of a mailbox.", nameof(mailbox));
        return directory.MessageFile(mailbox, message);
    }
}
