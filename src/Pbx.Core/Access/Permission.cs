using System.Collections.Frozen;

namespace Pbx.Core.Access;

/// <summary>What somebody may do.</summary>
public enum Permission
{
    /// <summary>See live calls, registrations, trunks and queues.</summary>
    SeeLive,
    /// <summary>See the whole configuration.</summary>
    SeeConfiguration,
    /// <summary>Change the configuration.</summary>
    ChangeConfiguration,
    /// <summary>Switch an exceptional closure.</summary>
    SwitchClosures,
    /// <summary>Log any agent in or out.</summary>
    SwitchAgents,
    /// <summary>End calls.</summary>
    ControlCalls,
    /// <summary>See all call records.</summary>
    SeeCallRecords,
    /// <summary>Hear, mark and delete the messages of any mailbox.</summary>
    UseAllMailboxes,
    /// <summary>See and act on the mail outbox.</summary>
    ManageMail,
    /// <summary>Create, change and disable users.</summary>
    ManageUsers,
    /// <summary>Create and revoke API tokens.</summary>
    ManageTokens,
    /// <summary>Export passwords and PINs in clear.</summary>
    ExportSecrets,
    /// <summary>See the diagnostics and the audit.</summary>
    SeeDiagnostics,
    /// <summary>Use what belongs to one's own extension: its mailbox, its call records, its log-in to queues, do not disturb.</summary>
    UseOwnExtension,
}

/// <summary>The roles and what each may do.</summary>
public static class Roles
{
    /// <summary>May do everything.</summary>
    public const string Administrator = "administrator";

    /// <summary>Sees calls and queues, switches closures and agents.</summary>
    public const string Receptionist = "receptionist";

    /// <summary>Uses an extension.</summary>
    public const string User = "user";

    private static readonly FrozenDictionary<string, FrozenSet<Permission>> Allowed = new Dictionary<string, FrozenSet<Permission>>
    {
        [Administrator] = Enum.GetValues<Permission>().ToFrozenSet(),
        [Receptionist] = FrozenSet.ToFrozenSet(
        [
            Permission.SeeLive, Permission.SwitchClosures, Permission.SwitchAgents, Permission.ControlCalls, Permission.SeeCallRecords,
            Permission.UseOwnExtension,
        ]),
        [User] = FrozenSet.ToFrozenSet([Permission.UseOwnExtension]),
    }.ToFrozenDictionary();

    /// <summary>All roles, the mightiest first.</summary>
    public static IReadOnlyList<string> All { get; } = [Administrator, Receptionist, User];

    /// <summary>What a role may do; nothing for a name that is no role.</summary>
    public static IReadOnlySet<Permission> PermissionsOf(string role) =>
        Allowed.TryGetValue(role, out var permissions) ? permissions : FrozenSet<Permission>.Empty;
}
