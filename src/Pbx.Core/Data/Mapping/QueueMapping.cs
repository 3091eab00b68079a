using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Queues;

namespace Pbx.Core.Data.Mapping;

/// <summary>A queue as stored.</summary>
internal sealed class QueueRow : TargetObjectRow, ITimeRoutesRow
{
    public RingStrategy Strategy { get; set; }
    public int RingSeconds { get; set; }
    public int MaxWaitSeconds { get; set; }
    public int RetrySeconds { get; set; }
    public int WrapUpSeconds { get; set; }
    public int Priority { get; set; }
    public int MaxCallers { get; set; }
    public bool WaitWithoutAgents { get; set; }
    public string? IntroPrompt { get; set; }
    public string? WaitingPrompt { get; set; }
    public int WaitingEverySeconds { get; set; }
    public string? Music { get; set; }
    public string? ExitKey { get; set; }
    public string? OnExit { get; set; }
    public string OnNoAnswer { get; set; } = "";
    public string? ClosedRoute { get; set; }
    public string? BreakRoute { get; set; }
    public string? HolidayRoute { get; set; }
    public List<QueueAgentRow> Agents { get; set; } = [];
}

/// <summary>An agent of a queue.</summary>
internal sealed class QueueAgentRow : ListRow
{
    public string Extension { get; set; } = "";
    public int Tier { get; set; }
}

/// <summary>The table of queues.</summary>
internal sealed class QueueMapping : TargetMapping<QueueRow, Queue>
{
    public override ObjectKind Kind => ObjectKind.Queue;

    protected override string Table => "queues";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<QueueRow> builder)
    {
        base.ConfigureMore(model, builder);
        builder.RefersTo<QueueRow, PromptRow>(nameof(QueueRow.IntroPrompt), nameof(QueueRow.WaitingPrompt), nameof(QueueRow.Music));
        builder.RefersTo<QueueRow, TargetRow>(nameof(QueueRow.OnExit), nameof(QueueRow.OnNoAnswer));
        builder.HasTimeRoutes();
        builder.HasList(model, r => r.Agents, "queue_agents", "queue", e => e.RefersTo<QueueAgentRow, ExtensionRow>(nameof(QueueAgentRow.Extension)));
    }

    protected override void Write(Queue item, QueueRow row, SecretCipher cipher)
    {
        base.Write(item, row, cipher);
        row.Strategy = item.Strategy;
        row.RingSeconds = item.RingSeconds;
        row.MaxWaitSeconds = item.MaxWaitSeconds;
        row.RetrySeconds = item.RetrySeconds;
        row.WrapUpSeconds = item.WrapUpSeconds;
        row.Priority = item.Priority;
        row.MaxCallers = item.MaxCallers;
        row.WaitWithoutAgents = item.WaitWithoutAgents;
        row.IntroPrompt = item.IntroPrompt;
        row.WaitingPrompt = item.WaitingPrompt;
        row.WaitingEverySeconds = item.WaitingEverySeconds;
        row.Music = item.Music;
        row.ExitKey = item.ExitKey;
        row.OnExit = item.OnExit?.ToString();
        row.OnNoAnswer = item.OnNoAnswer.ToString();
        row.Write(item.TimeRoutes);
        row.Agents.Fill(item.Agents, (e, i) => (e.Extension, e.Tier) = (i.Extension, i.Tier));
    }

    protected override Queue Read(QueueRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Number = row.Number, Site = row.Site, Strategy = row.Strategy,
        Agents = row.Agents.Read(e => new QueueAgent(e.Extension, e.Tier)), RingSeconds = row.RingSeconds, MaxWaitSeconds = row.MaxWaitSeconds,
        RetrySeconds = row.RetrySeconds, WrapUpSeconds = row.WrapUpSeconds, Priority = row.Priority, MaxCallers = row.MaxCallers,
        WaitWithoutAgents = row.WaitWithoutAgents, IntroPrompt = row.IntroPrompt, WaitingPrompt = row.WaitingPrompt,
        WaitingEverySeconds = row.WaitingEverySeconds, Music = row.Music, ExitKey = row.ExitKey, OnExit = row.OnExit.ToDestination(),
        OnNoAnswer = Destination.Parse(row.OnNoAnswer), TimeRoutes = row.ReadTimeRoutes(),
    };
}

/// <summary>An agent's log-in by hand as stored.</summary>
internal sealed class AgentLoginRow : ConfigRow
{
    public string Extension { get; set; } = "";
    public string? Queue { get; set; }
    public bool LoggedIn { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>The table of log-ins by hand.</summary>
internal sealed class AgentLoginMapping : ConfigMapping<AgentLoginRow, AgentLogin>
{
    public override ObjectKind Kind => ObjectKind.AgentLogin;

    protected override string Table => "agent_logins";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<AgentLoginRow> builder)
    {
        builder.RefersTo<AgentLoginRow, ExtensionRow>(nameof(AgentLoginRow.Extension));
        builder.RefersTo<AgentLoginRow, QueueRow>(nameof(AgentLoginRow.Queue));
        builder.Property(r => r.ChangedAt).IsUtc();
    }

    protected override void Write(AgentLogin item, AgentLoginRow row, SecretCipher cipher) =>
        (row.Extension, row.Queue, row.LoggedIn, row.ChangedAt) = (item.Extension, item.Queue, item.LoggedIn, item.ChangedAt);

    protected override AgentLogin Read(AgentLoginRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Extension = row.Extension, Queue = row.Queue, LoggedIn = row.LoggedIn, ChangedAt = row.ChangedAt,
    };
}
