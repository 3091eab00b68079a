namespace Pbx.Sip.Engine.Registrar;

/// <summary>What the registrar is set up with at the start; limits that an administrator changes are in the system settings.</summary>
internal sealed record RegistrarOptions
{
    /// <summary>The realm of challenges; phones show it, and passwords are tied to it.</summary>
    public string Realm { get; init; } = "pbx";

    /// <summary>Where bindings are kept over restarts; null: nowhere.</summary>
    public string? JournalFile { get; init; }

    /// <summary>How long a call waits for a device whose connection is to come back.</summary>
    public TimeSpan ReconnectionWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most message-waiting subscriptions of one device.</summary>
    public int MaxSubscriptions { get; init; } = 5;
}
