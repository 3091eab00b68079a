namespace Pbx.Sip.Scheduling;

/// <summary>
/// What the rooms that live in a shard see of it: one thread that runs everything of its calls in order. All members but
/// <see cref="Post(Action)"/> and <see cref="Post(WorkClass, Action{object}, object)"/> belong to that thread.
/// </summary>
internal interface IShard
{
    /// <summary>Its number, from 0.</summary>
    int Number { get; }

    /// <summary>The clock, for wall-clock time in records. Durations come from <see cref="Timestamp"/>.</summary>
    TimeProvider Time { get; }

    /// <summary>Monotonic time now, in <see cref="TimeProvider.TimestampFrequency"/> units.</summary>
    long Timestamp { get; }

    /// <summary>Makes tags, branches and Call-IDs that lead back to this shard.</summary>
    ShardIds Ids { get; }

    /// <summary>True on the shard's own thread (or while a test pumps it).</summary>
    bool IsCurrent { get; }

    /// <summary>A timer of the shard's wheel, not yet started; its call-back runs on the shard's thread.</summary>
    ShardTimer CreateTimer(Action fired);

    /// <summary>
    /// Hands an event of something that exists (media, a result of slow work, a command) to the shard from any thread.
    /// Never refused: there are only as many as calls can cause.
    /// </summary>
    void Post(Action work);

    /// <summary>Hands work to the shard from any thread; false when there is no room for work of its class.</summary>
    bool Post(WorkClass workClass, Action<object?> handler, object? state);
}

/// <summary>Which room in a shard's ring a piece of work may use.</summary>
internal enum WorkClass
{
    /// <summary>A request that begins something: shed first.</summary>
    New,
    /// <summary>A message of something that exists: ACK, BYE, CANCEL, a response, a request inside a dialog. Has room reserved.</summary>
    Message,
    /// <summary>An event from inside: never refused.</summary>
    Event,
}
