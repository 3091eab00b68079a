using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pbx.Core.Data.Mapping;

/// <summary>A line of the audit.</summary>
internal sealed class ConfigChangeRow
{
    public long Id { get; set; }

    /// <summary>The revision that the change made; several lines share it when they were saved at once. 0: of a user or a token.</summary>
    public long Revision { get; set; }

    /// <summary>Kind and key of the object, as <c>queue:support</c>; a user as <c>user:anne@example.com</c>, a token as <c>token:export</c>.</summary>
    public string Object { get; set; } = "";

    public string Actor { get; set; } = "";
    public string Source { get; set; } = "";
    public DateTimeOffset At { get; set; }

    /// <summary>The object before, as JSON with secrets masked; null: created.</summary>
    public string? Before { get; set; }

    /// <summary>The object after; null: removed.</summary>
    public string? After { get; set; }
}

/// <summary>The one row that counts revisions; its number is the concurrency token of every save.</summary>
internal sealed class ConfigRevisionRow
{
    public const int TheId = 1;

    public int Id { get; set; } = TheId;
    public long Revision { get; set; }
}

/// <summary>An API token; the token itself is not kept.</summary>
internal sealed class ApiTokenRow
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
    public string Role { get; set; } = "";

    /// <summary>SHA-256 of the token, hex: the token has 256 random bits, so that no salt is needed.</summary>
    public string Hash { get; set; } = "";

    public string CreatedBy { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
}

/// <summary>The audit.</summary>
internal sealed class ConfigChangeMapping : IEntityTypeConfiguration<ConfigChangeRow>
{
    public void Configure(EntityTypeBuilder<ConfigChangeRow> builder)
    {
        builder.ToTable("config_changes");
        builder.Property(r => r.At).IsUtc();
        builder.HasIndex(r => new { r.Object, r.Id });
        builder.HasIndex(r => r.Revision);
    }
}

/// <summary>The counter of revisions.</summary>
internal sealed class ConfigRevisionMapping : IEntityTypeConfiguration<ConfigRevisionRow>
{
    public void Configure(EntityTypeBuilder<ConfigRevisionRow> builder)
    {
        builder.ToTable("config_revision");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Revision).IsConcurrencyToken();
    }
}

/// <summary>The API tokens.</summary>
internal sealed class ApiTokenMapping : IEntityTypeConfiguration<ApiTokenRow>
{
    public void Configure(EntityTypeBuilder<ApiTokenRow> builder)
    {
        builder.ToTable("api_tokens");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.CreatedAt).IsUtc();
        builder.Property(r => r.ExpiresAt).IsUtc();
        builder.HasIndex(r => r.Hash).IsUnique();
    }
}

/// <summary>A target's row.</summary>
internal sealed class TargetRowMapping : IEntityTypeConfiguration<TargetRow>
{
    public void Configure(EntityTypeBuilder<TargetRow> builder)
    {
        builder.ToTable("targets");
        builder.HasKey(r => r.Key);
    }
}
