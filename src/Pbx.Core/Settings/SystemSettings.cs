using Pbx.Core.Common;

namespace Pbx.Core.Settings;

/// <summary>The settings of the whole system: one object, key <c>system</c>.</summary>
public sealed record SystemSettings : IConfigObject
{
    /// <summary>The key of the only object of this kind.</summary>
    public const string TheKey = "system";

    /// <inheritdoc/>
    public string Key { get; init; } = TheKey;

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Settings;

    /// <summary>The company's name, shown and mailed.</summary>
    public string CompanyName { get; init; } = "";

    /// <summary>Outgoing mail.</summary>
    public MailSettings Mail { get; init; } = new();

    /// <summary>The speech engine's command line: <c>{text}</c> a file with the text, <c>{wav}</c> the file to write, <c>{language}</c>.</summary>
    public string SpeechCommand { get; init; } = "espeak-ng -v {language} -s 150 -f {text} -w {wav}";

    /// <summary>Dial codes.</summary>
    public ValueList<DialCode> DialCodes { get; init; } = DialCode.Preset;

    /// <summary>Numbers that always pass, whoever dials.</summary>
    public ValueList<string> EmergencyNumbers { get; init; } = ["112", "15", "17", "18", "114", "115", "119", "196"];

    /// <summary>Keys of the trunks for emergency numbers, in order; empty: all enabled trunks, the caller's site's first.</summary>
    public ValueList<string> EmergencyTrunks { get; init; } = [];

    /// <summary>Key of the music on hold; null: the built-in one.</summary>
    public string? Music { get; init; }

    /// <summary>Shortest registration accepted. 30 to 3600 s.</summary>
    public int MinExpiresSeconds { get; init; } = 60;

    /// <summary>Longest registration granted. 60 to 86400 s.</summary>
    public int MaxExpiresSeconds { get; init; } = 3600;

    /// <summary>Registrations per extension.</summary>
    public int MaxContacts { get; init; } = 10;

    /// <summary>The least that every extension and trunk is held to, however its own setting.</summary>
    public CallSecurity Security { get; init; }

    /// <summary>How long running calls may go on after a stop was asked. 0 to 3600 s.</summary>
    public int DrainSeconds { get; init; } = 30;

    /// <summary>Limits of calls to the outside.</summary>
    public OutboundLimits Outbound { get; init; } = new();

    /// <summary>Addresses and networks (CIDR) that are never banned.</summary>
    public ValueList<string> NeverBanned { get; init; } = [];
}

/// <summary>How mail leaves.</summary>
public sealed record MailSettings
{
    /// <summary>SMTP server; null: mail is kept in the outbox until one is set.</summary>
    public string? Host { get; init; }

    /// <summary>Port.</summary>
    public int Port { get; init; } = 587;

    /// <summary>How the connection is encrypted.</summary>
    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    /// <summary>User name; null: no authentication.</summary>
    public string? UserName { get; init; }

    /// <summary>Password.</summary>
    public Secret? Password { get; init; }

    /// <summary>Sender address.</summary>
    public string From { get; init; } = "";
}

/// <summary>How the connection to the SMTP server is encrypted.</summary>
public enum MailSecurity
{
    /// <summary>Upgraded in the session; refused when the server cannot.</summary>
    StartTls,
    /// <summary>From the first byte.</summary>
    Tls,
    /// <summary>Not at all: for a server on the same machine.</summary>
    None,
}

/// <summary>A short number that does something.</summary>
/// <param name="Code">What is dialled, such as <c>*62</c>.</param>
/// <param name="Function">What it does.</param>
public sealed record DialCode(string Code, DialFunction Function)
{
    /// <summary>The codes that a new system starts with.</summary>
    public static ValueList<DialCode> Preset { get; } =
    [
        new("*62", DialFunction.AgentLogin), new("*63", DialFunction.AgentLogout), new("999", DialFunction.Voicemail),
        new("*70", DialFunction.ClosureOff), new("*71", DialFunction.ClosureOn), new("*72", DialFunction.ClosureUntil),
        new("*43", DialFunction.EchoTest), new("*65", DialFunction.SpeakOwnNumber), new("*77", DialFunction.RecordPrompt),
    ];
}

/// <summary>What a dial code does.</summary>
public enum DialFunction
{
    /// <summary>Logs the caller's extension in to its queues.</summary>
    AgentLogin,
    /// <summary>Logs it out.</summary>
    AgentLogout,
    /// <summary>The phone menu of the caller's own mailbox.</summary>
    Voicemail,
    /// <summary>Switches the exceptional closure of the caller's site on.</summary>
    ClosureOn,
    /// <summary>Switches it off.</summary>
    ClosureOff,
    /// <summary>Switches it on with an end, keyed as hours and minutes (HHMM).</summary>
    ClosureUntil,
    /// <summary>Plays back what is said.</summary>
    EchoTest,
    /// <summary>Speaks the caller's own number.</summary>
    SpeakOwnNumber,
    /// <summary>Records a prompt by phone.</summary>
    RecordPrompt,
}
