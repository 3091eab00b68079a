using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Pbx.Core.Data.Mapping;

/// <summary>
/// Instants as UTC date and time: a type that both databases can compare and sort (SQLite cannot sort <see cref="DateTimeOffset"/>).
/// </summary>
internal sealed class UtcTime() : ValueConverter<DateTimeOffset, DateTime>(
    instant => instant.UtcDateTime, stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));

/// <summary>Shorthand for the mappings.</summary>
internal static class UtcTimeMapping
{
    /// <summary>Stores the instant as <see cref="UtcTime"/>.</summary>
    public static PropertyBuilder<DateTimeOffset> IsUtc(this PropertyBuilder<DateTimeOffset> property) => property.HasConversion<UtcTime>();

    /// <summary>Stores the instant, or null, as <see cref="UtcTime"/>.</summary>
    public static PropertyBuilder<DateTimeOffset?> IsUtc(this PropertyBuilder<DateTimeOffset?> property) => property.HasConversion<UtcTime>();
}
