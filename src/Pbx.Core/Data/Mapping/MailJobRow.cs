using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pbx.Core.Data.Mapping;

/// <summary>A mail to one recipient as stored.</summary>
internal sealed class MailJobRow
{
    /// <summary>Made from message and recipient, so that storing it twice is storing it once.</summary>
    public Guid Id { get; set; }

    /// <summary>The message that it brings.</summary>
    public Guid Message { get; set; }

    /// <summary>Key of the message's mailbox.</summary>
    public string Mailbox { get; set; } = "";

    /// <summary>Address; empty when the message had no recipient.</summary>
    public string Recipient { get; set; } = "";

    /// <summary>The Message-ID of every attempt.</summary>
    public string InternetMessageId { get; set; } = "";

    /// <summary>The number of the state.</summary>
    public int State { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>When it is given up.</summary>
    public DateTimeOffset GiveUpAt { get; set; }

    /// <summary>When the server took it.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Attempts made.</summary>
    public int Attempts { get; set; }

    /// <summary>The server's last words, or why there are none.</summary>
    public string LastReply { get; set; } = "";

    /// <summary>What the mail says, as JSON, as it was when the message was left.</summary>
    public string Content { get; set; } = "{}";
}

/// <summary>One attempt at sending.</summary>
internal sealed class MailAttemptRow
{
    /// <summary>Its id, made by the sender.</summary>
    public Guid Id { get; set; }

    /// <summary>The mail.</summary>
    public Guid Job { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The number of the state that it led to.</summary>
    public int State { get; set; }

    /// <summary>The server's words.</summary>
    public string Reply { get; set; } = "";
}

/// <summary>The outbox.</summary>
internal sealed class MailJobMapping : IEntityTypeConfiguration<MailJobRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<MailJobRow> builder)
    {
        builder.ToTable("mail_jobs");
        builder.HasKey(j => j.Id);
        builder.Property(j => j.Id).ValueGeneratedNever();
        builder.Property(j => j.CreatedAt).IsUtc();
        builder.Property(j => j.NextAttemptAt).IsUtc();
        builder.Property(j => j.GiveUpAt).IsUtc();
        builder.Property(j => j.SentAt).IsUtc();
        builder.HasIndex(j => new { j.State, j.NextAttemptAt });
        builder.HasIndex(j => j.Message);
        builder.HasIndex(j => j.CreatedAt);
    }
}

/// <summary>The attempts of the outbox.</summary>
internal sealed class MailAttemptMapping : IEntityTypeConfiguration<MailAttemptRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<MailAttemptRow> builder)
    {
        builder.ToTable("mail_attempts");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.At).IsUtc();
        builder.HasOne<MailJobRow>().WithMany().HasForeignKey(a => a.Job).OnDelete(DeleteBehavior.Cascade);
    }
}
