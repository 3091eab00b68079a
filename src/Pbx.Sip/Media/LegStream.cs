using Pbx.Core.CallFlow;
using Pbx.Sip.Media.Dtmf;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>
/// A leg as its loop holds it: everything here belongs to that one thread. This part carries out commands; sending, receiving and reporting are
/// in the parts beside it. Times are microseconds of the loop's clock.
/// </summary>
#pragma warning disable CA1001 // Closing it lets go of its keys; a leg has an end, and that is a command.
internal sealed partial class LegStream
#pragma warning restore CA1001
{
    private readonly MediaLoop loop;
    private readonly int rtpSocket;
    private readonly int rtcpSocket;
    private LegCodecs? codecs;
    private MediaDirection direction;
    private bool muted;
    private long configuredAt;
    private bool digitsByInfo;
    private bool closed;

    /// <summary>Whom this leg hears; itself for an echo.</summary>
    private LegStream? source;

    /// <summary>Who hears this leg.</summary>
    private LegStream? audience;

    private short[]? relayMap;
    private Playback? playing;
    private Playback? music;
    private Recorder? recorder;
    private int recordingsBeingWritten;

    public LegStream(MediaLoop loop, int port, int rtpSocket, int rtcpSocket, Random random)
    {
        this.loop = loop;
        Port = port;
        this.rtpSocket = rtpSocket;
        this.rtcpSocket = rtcpSocket;
        outgoing = OutgoingStream.Start(random);
        latch = new SourceLatch(loop.Options.LearningWindow);
        cname = Rtcp.NewCname(random);
    }

    /// <summary>Which leg of its call it is.</summary>
    public required LegId Id { get; init; }

    /// <summary>Who hears of events.</summary>
    public required IMediaListener Listener { get; init; }

    /// <summary>The RTP port.</summary>
    public int Port { get; }

    /// <summary>Its place in the loop's table; -1 before and after.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Sockets, for the loop that watches and closes them.</summary>
    public (int Rtp, int Rtcp) Sockets => (rtpSocket, rtcpSocket);

    private bool CanSend => codecs is not null && HasKeys && !muted && direction is MediaDirection.SendReceive or MediaDirection.SendOnly && !latch.Target.IsNowhere;

    private bool CanReceive => codecs is not null && direction is MediaDirection.SendReceive or MediaDirection.ReceiveOnly;

    /// <summary>Carries out a command.</summary>
    public void Execute(MediaCommand command, long now)
    {
        if (closed && command is not MediaCommand.RecordingWritten) return;
        switch (command)
        {
            case MediaCommand.Configure configure: Configure(configure, now); break;
            case MediaCommand.Play play: Play(play.What); break;
            case MediaCommand.StopPlay: EndPlay(PlayEnd.Stopped); break;
            case MediaCommand.Bridge bridge: Bridge(bridge.Other); break;
            case MediaCommand.HearFrom hear: HearFrom(hear.Other); break;
            case MediaCommand.Unbridge: Disconnect(); break;
            case MediaCommand.Hold hold: Hold(hold.Music); break;
            case MediaCommand.Resume: music = null; break;
            case MediaCommand.Record record: Record(record.Request, now); break;
            case MediaCommand.StopRecording: EndRecording(RecordingEnd.Stopped); break;
            case MediaCommand.RecordingWritten written: ReportRecording(written); break;
            case MediaCommand.SendDigit digit: Digits.Add(digit.Key, digit.Milliseconds); break;
            case MediaCommand.DigitsByInfo info: digitsByInfo = info.On; break;
            case MediaCommand.SendHandshake handshake: loop.Send(handshake.Socket, handshake.Datagram, handshake.To); break;
            case MediaCommand.Shaken shaken: Shaken(shaken.Association, now); break;
            case MediaCommand.Close: Close(now); break;
        }
    }

    private void Configure(MediaCommand.Configure command, long now)
    {
        if (codecs is null)
        {
            configuredAt = now;
            nextReport = now + RandomInterval();
        }
        codecs = command.Codecs;
        direction = command.Direction;
        muted = command.Remote.IsNowhere; // RFC 3264 section 8.4: the old way to hold; the source learned stays
        // An address that means nothing from here must not make us send to ourselves or to everybody; who really is there will be heard.
        if (!muted) latch.Name(command.Remote.IsAstray(command.Signalling) ? default : command.Remote, command.Signalling);
        var reports = command.RemoteRtcp ?? command.Remote.At(command.Remote.Port + (command.RtcpMux ? 0 : 1));
        remoteRtcp = reports.IsAstray(command.Signalling) ? default : reports;
        rtcpNamed = command.RemoteRtcp is not null && remoteRtcp != default;
        rtcpMux = command.RtcpMux;
        Secure(command.Keying, now);
        heardAt = now;
        lostReported = false;
        detector = codecs.TelephoneEvent < 0 ? detector ?? new DtmfDetector() : null;
        playing?.Prepare(codecs.Own);
        music?.Prepare(codecs.Own);
        RemapRelays();
    }

    private void Play(Playback what)
    {
        EndPlay(PlayEnd.Replaced);
        if (source == this) Disconnect();
        playing = what;
        if (codecs is not null) what.Prepare(codecs.Own);
    }

    private void EndPlay(PlayEnd end)
    {
        if (playing is not { } ended) return;
        playing = null;
        Listener.PlayEnded(Id, ended.Number, end);
    }

    private void Bridge(LegStream other)
    {
        if (other.closed || other == this) return;
        EndPlay(PlayEnd.Stopped);
        other.EndPlay(PlayEnd.Stopped);
        Disconnect();
        other.Disconnect();
        Connect(this, other);
        Connect(other, this);
    }

    private void HearFrom(LegStream other)
    {
        if (other.closed) return;
        EndPlay(PlayEnd.Stopped);
        Connect(other, this);
    }

    private static void Connect(LegStream from, LegStream to)
    {
        if (to.source is { } before) before.audience = null;
        if (from.audience is { } other) other.source = null;
        from.audience = to;
        to.source = from;
        from.reorder.Reset();
        from.RemapRelays();
    }

    private void Disconnect()
    {
        if (audience is { } hearer)
        {
            hearer.source = null;
            hearer.music = null;
        }
        if (source is { } heard) heard.audience = null;
        audience = source = null;
        relayMap = null;
        music = null;
    }

    private void RemapRelays()
    {
        if (audience is not null) relayMap = codecs is not null && audience.codecs is not null ? codecs.MapTo(audience.codecs) : null;
        if (source is not null && source != this) source.relayMap = source.codecs is not null && codecs is not null ? source.codecs.MapTo(codecs) : null;
    }

    private void Hold(Playback what)
    {
        music = what;
        if (codecs is not null) what.Prepare(codecs.Own);
    }

    private void Record(RecordingRequest request, long now)
    {
        EndRecording(RecordingEnd.Stopped);
        var started = new Recorder(request.Recording, request.File, request.MaxSeconds, request.SilenceSeconds, request.EndKeys, now);
        recorder = started;
        recordingsBeingWritten++;
        reorder.Reset();
        loop.Writer.Add(started, succeeded => loop.Post(this, new MediaCommand.RecordingWritten(started, succeeded)));
    }

    private void EndRecording(RecordingEnd end)
    {
        if (recorder is not { } ended) return;
        ended.Stop(end);
        recorder = null;
        loop.Writer.Hurry();
    }

    private void ReportRecording(MediaCommand.RecordingWritten written)
    {
        var done = written.Recorder;
        if (recorder == done) recorder = null;
        recordingsBeingWritten--;
        var end = written.Succeeded ? done.End ?? RecordingEnd.Stopped : RecordingEnd.Failed;
        Listener.RecordingEnded(Id, new RecordingResult(done.Number, end, done.File, done.Milliseconds, done.HasVoice));
        if (closed) ReportFinally();
    }

    private void Close(long now)
    {
        EndPlay(PlayEnd.Stopped);
        EndRecording(RecordingEnd.HangUp);
        Disconnect();
        if (codecs is not null && outgoing.Packets > 0) SendReport(now, bye: true);
        closed = true;
        DropKeys();
        loop.Remove(this);
        ReportFinally();
    }

    private void ReportFinally()
    {
        if (recordingsBeingWritten > 0) return;
        Listener.Report(Id, MakeReport(), final: true);
        loop.Forget();
    }
}
