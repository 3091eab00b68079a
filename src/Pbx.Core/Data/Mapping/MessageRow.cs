using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pbx.Core.Data.Mapping;

/// <summary>A message of a mailbox as stored. Mailbox keys are no foreign keys: a message outlives the mailbox it was left in.</summary>
internal sealed class MessageRow
{
    /// <summary>The message's id; its sound is the file of that name.</summary>
    public Guid Id { get; set; }

    /// <summary>Key of the mailbox.</summary>
    public string Mailbox { get; set; } = "";

    /// <summary>The call that left it.</summary>
    public Guid Call { get; set; }

    /// <summary>The caller's number.</summary>
    public string Caller { get; set; } = "";

    /// <summary>The caller's name.</summary>
    public string CallerName { get; set; } = "";

    /// <summary>When it was left.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>Its length.</summary>
    public int Milliseconds { get; set; }

    /// <summary>Heard by somebody.</summary>
    public bool Heard { get; set; }

    /// <summary>When it was deleted; row and file go once no mail waits for the file.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>The table of messages.</summary>
internal sealed class MessageMapping : IEntityTypeConfiguration<MessageRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<MessageRow> builder)
    {
        builder.ToTable("messages");
        builder.HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.ReceivedAt).IsUtc();
        builder.Property(m => m.DeletedAt).IsUtc();
        builder.HasIndex(m => new { m.Mailbox, m.ReceivedAt });
        builder.HasIndex(m => m.DeletedAt);
    }
}
