using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Access;

namespace Pbx.Core.Data.Mapping;

/// <summary>A browser that is signed in to the console.</summary>
internal sealed class ConsoleSessionRow
{
    public Guid Id { get; set; }
    public Guid UserId { get; set; }

    /// <summary>The user's security stamp when it signed in: with another one the session is no longer good.</summary>
    public string Stamp { get; set; } = "";

    public string Browser { get; set; } = "";
    public string Address { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset SeenAt { get; set; }
}

/// <summary>The console's sessions.</summary>
internal sealed class ConsoleSessionMapping : IEntityTypeConfiguration<ConsoleSessionRow>
{
    public void Configure(EntityTypeBuilder<ConsoleSessionRow> builder)
    {
        builder.ToTable("console_sessions");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.StartedAt).IsUtc();
        builder.Property(r => r.SeenAt).IsUtc();
        builder.HasIndex(r => r.SeenAt);
        builder.HasOne<PbxUser>().WithMany().HasForeignKey(r => r.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
