using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;

namespace Pbx.Core.Data.Mapping;

/// <summary>The few words in which the mappings are written.</summary>
internal static class MappingWords
{
    /// <summary>Columns that hold the key of a row of another table: restricting foreign keys.</summary>
    public static void RefersTo<TRow, TOther>(this EntityTypeBuilder<TRow> builder, params ReadOnlySpan<string> columns)
        where TRow : class
        where TOther : class
    {
        foreach (var column in columns)
        {
            builder.HasOne<TOther>().WithMany().HasForeignKey(column).OnDelete(DeleteBehavior.Restrict);
        }
    }

    /// <summary>The three columns of time routes.</summary>
    public static void HasTimeRoutes<TRow>(this EntityTypeBuilder<TRow> builder)
        where TRow : class, ITimeRoutesRow =>
        builder.RefersTo<TRow, TargetRow>(nameof(ITimeRoutesRow.ClosedRoute), nameof(ITimeRoutesRow.BreakRoute), nameof(ITimeRoutesRow.HolidayRoute));

    /// <summary>A list of the object in a table of its own, always loaded with it and removed with it.</summary>
    public static void HasList<TRow, TElement>(this EntityTypeBuilder<TRow> builder, ModelBuilder model,
        Expression<Func<TRow, IEnumerable<TElement>?>> list, string table, string owner, Action<EntityTypeBuilder<TElement>>? more = null)
        where TRow : ConfigRow
        where TElement : ListRow
    {
        builder.HasMany(list).WithOne().HasForeignKey(e => e.Owner).OnDelete(DeleteBehavior.Cascade);
        builder.Navigation(list).AutoInclude();
        var elements = model.Entity<TElement>();
        elements.ToTable(table);
        elements.HasKey(e => new { e.Owner, e.Position });
        elements.Property(e => e.Owner).HasColumnName(owner);
        more?.Invoke(elements);
    }

    /// <summary>Writes a list into its rows, place by place: rows that stay are changed, not replaced.</summary>
    public static void Fill<TElement, TItem>(this List<TElement> rows, IReadOnlyList<TItem> items, Action<TElement, TItem> write)
        where TElement : ListRow, new()
    {
        rows.Sort((a, b) => a.Position.CompareTo(b.Position));
        if (rows.Count > items.Count) rows.RemoveRange(items.Count, rows.Count - items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (i == rows.Count) rows.Add(new TElement { Position = i });
            write(rows[i], items[i]);
        }
    }

    /// <summary>Reads a list out of its rows.</summary>
    public static ValueList<TItem> Read<TElement, TItem>(this List<TElement> rows, Func<TElement, TItem> read)
        where TElement : ListRow => rows.OrderBy(r => r.Position).Select(read).ToValueList();

    /// <summary>Writes time routes.</summary>
    public static void Write(this ITimeRoutesRow row, TimeRoutes routes)
    {
        row.ClosedRoute = routes.Closed?.ToString();
        row.BreakRoute = routes.Break?.ToString();
        row.HolidayRoute = routes.Holiday?.ToString();
    }

    /// <summary>Reads time routes.</summary>
    public static TimeRoutes ReadTimeRoutes(this ITimeRoutesRow row) =>
        new() { Closed = row.ClosedRoute.ToDestination(), Break = row.BreakRoute.ToDestination(), Holiday = row.HolidayRoute.ToDestination() };

    /// <summary>The destination of a target's key.</summary>
    public static Destination? ToDestination(this string? target) => target is null ? null : Destination.Parse(target);

    /// <summary>A list of words that refer to nothing, as JSON.</summary>
    public static string ToJson(this ValueList<string> words) => JsonSerializer.Serialize(words.AsImmutableArray());

    /// <summary>The list again.</summary>
    public static ValueList<string> ToWords(this string json) => (JsonSerializer.Deserialize<string[]>(json) ?? []).ToValueList();
}
