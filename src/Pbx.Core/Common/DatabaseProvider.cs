namespace Pbx.Core.Common;

/// <summary>The database that holds everything.</summary>
public enum DatabaseProvider
{
    /// <summary>A file in the data directory.</summary>
    Sqlite,
    /// <summary>A PostgreSQL server, 15 or later.</summary>
    Postgres,
}
