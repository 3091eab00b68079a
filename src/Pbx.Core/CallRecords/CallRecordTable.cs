using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Pbx.Core.Data.Mapping;

namespace Pbx.Core.CallRecords;

/// <summary>
/// Writes call records, each by one prepared statement that may come again. They are by far the most that is written, so they go past what EF does for each
/// row; names and types of the columns are those of its model. One connection, one thread.
/// </summary>
internal sealed class CallRecordTable : IAsyncDisposable
{
    private readonly DbContext database;
    private readonly List<Column> columns;
    private readonly string names;
    private DbCommand? start;
    private DbCommand? end;

    private CallRecordTable(DbContext database)
    {
        this.database = database;
        var entity = database.Model.FindEntityType(typeof(CallRecordRow))!;
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        var sql = database.GetService<ISqlGenerationHelper>();
        columns = [.. entity.GetProperties().Select(property => new Column(sql.DelimitIdentifier(property.GetColumnName(table)!), property, property.GetRelationalTypeMapping()))];
        names = $"INSERT INTO {sql.DelimitIdentifier(table.Name)} ({string.Join(", ", columns.Select(c => c.Name))}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))}) "
            + $"ON CONFLICT ({columns.Single(c => c.Property.IsPrimaryKey()).Name}) DO ";
    }

    /// <summary>The table in an open database, within its transaction if there is one.</summary>
    public static async Task<CallRecordTable> OpenAsync(DbContext database, CancellationToken cancellationToken)
    {
        await database.Database.OpenConnectionAsync(cancellationToken);
        return new CallRecordTable(database);
    }

    /// <summary>The record of a call that begins; nothing where the call is known, for then this comes a second time.</summary>
    public async Task StartAsync(CallRecord record, CancellationToken cancellationToken) =>
        await WriteAsync(start ??= await PrepareAsync("NOTHING", cancellationToken), record, running: true, cancellationToken);

    /// <summary>The whole record of a call that has ended, in place of what there is of it.</summary>
    public async Task EndAsync(CallRecord record, CancellationToken cancellationToken) => await WriteAsync(
        end ??= await PrepareAsync($"UPDATE SET {string.Join(", ", columns.Select(c => $"{c.Name} = excluded.{c.Name}"))}", cancellationToken), record, running: false, cancellationToken);

    /// <summary>No call runs any more.</summary>
    public Task EndAllAsync(CancellationToken cancellationToken) =>
        database.Set<CallRecordRow>().Where(row => row.Running).ExecuteUpdateAsync(set => set.SetProperty(row => row.Running, false), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (start is not null) await start.DisposeAsync();
        if (end is not null) await end.DisposeAsync();
    }

    private async Task<DbCommand> PrepareAsync(string onConflict, CancellationToken cancellationToken)
    {
        var command = database.Database.GetDbConnection().CreateCommand();
        command.Transaction = database.Database.CurrentTransaction?.GetDbTransaction();
#pragma warning disable CA2100 // Nothing in it but names of the model.
        command.CommandText = names + onConflict;
#pragma warning restore CA2100
        for (var i = 0; i < columns.Count; i++) command.Parameters.Add(columns[i].Mapping.CreateParameter(command, $"@p{i}", null, nullable: true));
        await command.PrepareAsync(cancellationToken);
        return command;
    }

    private async Task WriteAsync(DbCommand command, CallRecord record, bool running, CancellationToken cancellationToken)
    {
        var row = new CallRecordRow { Id = record.Id };
        CallRecordRows.Fill(row, record, running);
        for (var i = 0; i < columns.Count; i++) command.Parameters[i].Value = columns[i].ValueOf(row) ?? DBNull.Value;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Column(string Name, IProperty Property, RelationalTypeMapping Mapping)
    {
        public object? ValueOf(CallRecordRow row)
        {
            var value = Property.GetGetter().GetClrValue(row);
            return value is not null && Mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value;
        }
    }
}
