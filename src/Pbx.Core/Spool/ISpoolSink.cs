using Microsoft.EntityFrameworkCore;

namespace Pbx.Core.Spool;

/// <summary>Brings lines of some kinds into the database. Bringing the same lines again in the same order must lead to the same rows.</summary>
internal interface ISpoolSink
{
    /// <summary>The kinds of line that it understands.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>Changes tracked entities for these lines, in order; saving is the caller's.</summary>
    Task ApplyAsync(DbContext database, IReadOnlyList<SpoolEntry> entries, CancellationToken cancellationToken);

    /// <summary>The lines are in the database.</summary>
    void Applied(IReadOnlyList<SpoolEntry> entries);
}
