using Pbx.Core.CallFlow;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Media.Recording;

/// <summary>A recording whose process died: its file is whole up to what was written last (<see cref="RecordingWriter"/>), which is a fraction of a second ago.</summary>
internal static class CutRecording
{
    /// <summary>What it holds, as if the caller had hung up then; failed when there is nothing.</summary>
    public static RecordingResult Of(RecordingRequest request)
    {
        if (WavFile.TryRead(request.File) is not { Samples.Length: > 0 } found) return new RecordingResult(request.Recording, RecordingEnd.Failed, request.File, 0, false);
        var meter = new VoiceMeter();
        meter.Take(found.Samples);
        return new RecordingResult(request.Recording, RecordingEnd.HangUp, request.File, (int)(meter.VoiceUntil * 1000 / found.Rate), meter.HasVoice);
    }
}
