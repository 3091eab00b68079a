using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Tests.Media;

/// <summary>A loop that is behind is given no more than it holds.</summary>
public class MediaLoopTests
{
    [Fact]
    public async Task AwaitRoom_LoopThatIsBehind_HoldsUpWhoeverAsks_AndNothingIsDropped()
    {
        using var writer = new RecordingWriter();
        using var go = new ManualResetEventSlim();
        var loop = new MediaLoop(0, new MediaOptions { CommandCapacity = 8 }, new EpollSockets(IPAddress.Loopback), static _ => { }, writer, TimeProvider.System, static _ => { });
        Assert.True(loop.Sockets.TryBind(0, out var rtp) & loop.Sockets.TryBind(0, out var rtcp));
        var held = new HeldUp(go);
        var leg = new LegStream(loop, 0, rtp, rtcp, Random.Shared) { Id = LegId.Caller, Listener = held };
        loop.Start();
        loop.Post(leg, new MediaCommand.Add());
        loop.Post(leg, new MediaCommand.Play(new Playback(1, [], loop: false)));
        loop.Post(leg, new MediaCommand.Play(new Playback(2, [], loop: false))); // ends the first, whose listener holds the loop
        await held.Entered.Task.WaitAsync(TimeSpan.FromSeconds(60));

        var posting = Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                loop.AwaitRoom();
                loop.Post(leg, new MediaCommand.DigitsByInfo(true));
            }
        });
        Assert.True(SpinWait.SpinUntil(() => loop.Pending == 4, TimeSpan.FromSeconds(60)));
        Assert.False(posting.IsCompleted);

        go.Set();
        await posting.WaitAsync(TimeSpan.FromSeconds(60));
        loop.Post(leg, new MediaCommand.Close());
        loop.Stop();
        Assert.Equal(0, loop.AddTo(new MediaCounters(0, 0, 0, 0, 0, 0, 0, 0)).DroppedCommands);
    }

    private sealed class HeldUp(ManualResetEventSlim go) : IMediaListener
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void PlayEnded(LegId leg, int play, PlayEnd end)
        {
            Entered.TrySetResult();
            go.Wait();
        }

        public void Digit(LegId leg, char key)
        {
        }

        public void RecordingEnded(LegId leg, RecordingResult result)
        {
        }

        public void MediaLost(LegId leg, TimeSpan silent)
        {
        }

        public void Report(LegId leg, MediaReport report, bool final)
        {
        }
    }
}
