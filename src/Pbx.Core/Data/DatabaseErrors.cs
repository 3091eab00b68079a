using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using Pbx.Core.Configuration;

namespace Pbx.Core.Data;

/// <summary>Tells a database that is away from a mistake of ours.</summary>
internal static class DatabaseErrors
{
    /// <summary>True when the database cannot be used now, but may be later.</summary>
    public static bool IsAway(Exception exception)
    {
        foreach (var e in Chain(exception))
        {
            switch (e)
            {
                case SqliteException sqlite:
                    return IsAway(sqlite.SqliteErrorCode);
                case PostgresException postgres:
                    return IsAway(postgres.SqlState);
                case DbException or TimeoutException or IOException or SocketException:
                    return true;
            }
        }
        return false;
    }

    /// <summary>Does something with the database.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public static async Task<T> Guarded<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new StorageUnavailableException($"The database cannot be used now: {e.GetBaseException().Message}", e)
            {
                ConnectionBroke = Chain(e).Any(c => c is IOException or SocketException or PostgresException { SqlState: "57P01" or "57P02" })
                    && !Chain(e).Any(c => c is TimeoutException),
            };
        }
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException) yield return e;
    }

    /// <summary>SQLite: busy, locked, read-only, I/O error, corrupt, full, cannot open, protocol, no database, no permission.</summary>
    private static bool IsAway(int sqliteError) => sqliteError is 3 or 5 or 6 or 8 or 10 or 11 or 13 or 14 or 15 or 23 or 26;

    /// <summary>
    /// PostgreSQL: connection, authorisation, unknown database, read-only, transaction rolled back, resources, limits, lock or statement
    /// time-out, operator intervention, system, internal.
    /// </summary>
    private static bool IsAway(string sqlState) =>
        sqlState is "3D000" or "25006" or "55P03" || sqlState[..2] is "08" or "28" or "40" or "53" or "54" or "57" or "58" or "XX";
}
