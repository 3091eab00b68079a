namespace Pbx.Core.CallRecords;

/// <summary>Takes what calls leave behind. Never blocks: a writer of its own brings it to the spool on disk and from there to the database.</summary>
public interface ICallJournal
{
    /// <summary>A call began: a killed call still gets its record from this line.</summary>
    void Started(CallRecord record);

    /// <summary>A call ended: its whole record.</summary>
    void Ended(CallRecord record);

    /// <summary>Lines that have not reached the database yet.</summary>
    long Pending { get; }
}
