using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>
/// Where calls record. What a mailbox message needs is written beside the sound when its recording begins, so that a server killed
/// before <see cref="IVoicemail.KeepAsync"/> finds the message at its next start and keeps it then.
/// </summary>
public interface IRecordingPlaces
{
    /// <summary>
    /// Absolute path of the WAV to record a message into; returns at once. The draft is the message as far as it is known when
    /// recording begins: its length and file are not read. Keep it with the same id and this file.
    /// </summary>
    string BeginMessage(NewMessage draft);

    /// <summary>Absolute path of a WAV to record something else into (a greeting, a prompt); not recovered after a kill.</summary>
    string BeginOther(Guid id);

    /// <summary>Throws a recording away that is not kept; returns at once.</summary>
    void Discard(string recordingFile);
}
