using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Audio;

/// <summary>Turns what was recorded by phone into the greeting of a mailbox or the sound of a prompt.</summary>
public interface IPhoneRecordings
{
    /// <summary>
    /// Imports the recording and applies it through <see cref="IConfiguration"/>: for a mailbox it becomes its own greeting, for a
    /// prompt the prompt's sound. The recording is removed when it succeeded.
    /// </summary>
    /// <param name="subject">The mailbox or prompt.</param>
    /// <param name="recordingFile">Absolute path of the WAV, complete and synced.</param>
    /// <param name="by">Who recorded: number of the extension.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The errors; empty when it was kept.</returns>
    Task<IReadOnlyList<PbxError>> KeepAsync(ObjectRef subject, string recordingFile, string by, CancellationToken cancellationToken = default);
}
