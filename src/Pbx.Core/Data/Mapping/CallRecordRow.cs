using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pbx.Core.Data.Mapping;

/// <summary>A call record as stored.</summary>
internal sealed class CallRecordRow
{
    /// <summary>The call's id.</summary>
    public Guid Id { get; set; }

    /// <summary>When it came in.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it was answered.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The number of the direction.</summary>
    public int Direction { get; set; }

    /// <summary>The number of the outcome.</summary>
    public int Outcome { get; set; }

    /// <summary>No inbound rule knew the number.</summary>
    public bool Unmatched { get; set; }

    /// <summary>True from its start line to its end line, or to the next start of a server that was killed.</summary>
    public bool Running { get; set; }

    /// <summary>The caller's number.</summary>
    public string Caller { get; set; } = "";

    /// <summary>The caller's name.</summary>
    public string CallerName { get; set; } = "";

    /// <summary>The number called.</summary>
    public string Called { get; set; } = "";

    /// <summary>Key of the site.</summary>
    public string? Site { get; set; }

    /// <summary>Who talked.</summary>
    public string? AnsweredBy { get; set; }

    /// <summary>Numbers and names in lower case without accents, for the search.</summary>
    public string SearchText { get; set; } = "";

    /// <summary>The journey as JSON.</summary>
    public string Journey { get; set; } = "[]";

    /// <summary>The media quality as JSON.</summary>
    public string Quality { get; set; } = "[]";
}

/// <summary>The table of call records.</summary>
internal sealed class CallRecordMapping : IEntityTypeConfiguration<CallRecordRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<CallRecordRow> builder)
    {
        builder.ToTable("call_records");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.StartedAt).IsUtc();
        builder.Property(r => r.AnsweredAt).IsUtc();
        builder.Property(r => r.EndedAt).IsUtc();
        builder.HasIndex(r => r.StartedAt);
        builder.HasIndex(r => r.Running);
    }
}
