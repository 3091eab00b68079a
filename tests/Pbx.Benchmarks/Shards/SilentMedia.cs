using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Media;
using Pbx.Sip.Sdp;

namespace Pbx.Benchmarks.Shards;

/// <summary>Media without sockets and threads: what is played goes on until the leg is closed.</summary>
internal sealed class SilentMedia : IMedia
{
    private int lastPort = 20000;

    public SdpFingerprint? Fingerprint => null;

    public MediaCounters Counters => new(0, 0, 0, 0, 0, 0, 0, 0);

    public MediaLeg? Open(Guid call, LegId leg, IMediaListener listener) =>
        new SilentLeg(listener) { Call = call, Id = leg, Port = 20000 + Interlocked.Add(ref lastPort, 2) % 20000 };

    private sealed class SilentLeg(IMediaListener listener) : MediaLeg
    {
        private bool closed;

        public override void Configure(NegotiatedMedia media, IPAddress? signalling = null)
        {
        }

        public override void Play(int play, ValueList<Sound> sounds, bool loop = false)
        {
        }

        public override void StopPlay()
        {
        }

        public override void BridgeWith(MediaLeg other)
        {
        }

        public override void HearFrom(MediaLeg other)
        {
        }

        public override void Unbridge()
        {
        }

        public override void Hold(ValueList<Sound> music)
        {
        }

        public override void Resume()
        {
        }

        public override void Echo()
        {
        }

        public override void Record(RecordingRequest request)
        {
        }

        public override void StopRecording()
        {
        }

        public override void SendDigit(char key, int milliseconds = 160)
        {
        }

        public override void DigitsByInfo(bool on)
        {
        }

        public override void Close()
        {
            if (closed) return;
            closed = true;
            listener.Report(Id, new MediaReport("PCMA", 0, 0, 0, null, 0, null, null, 0, null, null), final: true);
        }
    }
}
