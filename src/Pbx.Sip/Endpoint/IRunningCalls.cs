namespace Pbx.Sip.Endpoint;

/// <summary>The calls that go on, as a stop of the process must know them. Implemented by the room that owns them; from any thread.</summary>
internal interface IRunningCalls
{
    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Ends all: BYE, or the final response that an unanswered one gets.</summary>
    void EndAll();
}

/// <summary>A room that has something to do between the start of the shards and their end, such as registering at providers.</summary>
internal interface IBackgroundRoom
{
    /// <summary>Everything runs and listens.</summary>
    void Start();

    /// <summary>All calls are over; messages still pass. Ends what it began; must end by itself when cancelled.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
