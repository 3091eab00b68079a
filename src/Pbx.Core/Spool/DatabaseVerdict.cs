using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Pbx.Core.Spool;

/// <summary>Opens the database.</summary>
internal delegate DbContext OpenDatabase();

/// <summary>Tells a database that is away from data that it will never take.</summary>
internal static class DatabaseVerdict
{
    private const int SqliteConstraint = 19;
    private const int SqliteMismatch = 20;

    /// <summary>The database cannot be asked at the moment (or its tables are not there yet): the same may work later.</summary>
    public static bool IsAway(Exception error) =>
        !IsRefusal(error) && Chain(error).Any(e => e is DbException or TimeoutException or DbUpdateException or System.Net.Sockets.SocketException
            or IOException or UnauthorizedAccessException);

    /// <summary>The database took a look at the data and refuses it: asking again does not help.</summary>
    public static bool IsRefusal(Exception error) => Chain(error).Any(e => e switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteConstraint or SqliteMismatch,
        // Class 22: data exception; class 23: integrity constraint violation.
        PostgresException postgres => postgres.SqlState.StartsWith("22", StringComparison.Ordinal) || postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
        System.Text.Json.JsonException => true,
        _ => false,
    });

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var current = error; current is not null; current = current.InnerException) yield return current;
    }
}
