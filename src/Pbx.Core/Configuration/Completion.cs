using System.Security.Cryptography;
using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Configuration;

/// <summary>
/// Fills in what a person need not say. A secret that is null stays the stored one, or is generated for a device and a mailbox that are
/// new; an empty one means none (and, for those two, a new one).
/// </summary>
internal static class Completion
{
    // Without the characters that people mistake for one another.
    private const string PasswordCharacters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int PasswordLength = 20;
    private const int PinLength = 6;

    /// <summary>The object, complete.</summary>
    /// <param name="item">What was given.</param>
    /// <param name="stored">What is stored under its name, if anything.</param>
    /// <param name="sounding">A prompt's sound was made for this change.</param>
    public static IConfigObject Complete(IConfigObject item, IConfigObject? stored, bool sounding) => item switch
    {
        Extension extension => Complete(extension, stored as Extension),
        Mailbox mailbox => mailbox with { Pin = Keep(mailbox.Pin, (stored as Mailbox)?.Pin) ?? NewPin() },
        Trunk trunk => trunk with { Password = Keep(trunk.Password, (stored as Trunk)?.Password) },
        SystemSettings settings => settings with
        {
            Mail = settings.Mail with { Password = Keep(settings.Mail.Password, (stored as SystemSettings)?.Mail.Password) },
        },
        Prompt prompt when !sounding => Complete(prompt, stored as Prompt),
        ClosureSwitch closure => closure with { ChangedAt = Stored(closure.ChangedAt), Until = closure.Until is { } until ? Stored(until) : null },
        AgentLogin login => login with { ChangedAt = Stored(login.ChangedAt) },
        _ => item,
    };

    /// <summary>The object with another version.</summary>
    public static IConfigObject WithVersion(this IConfigObject item, long version) => item switch
    {
        SystemSettings o => o with { Version = version },
        Site o => o with { Version = version },
        Extension o => o with { Version = version },
        Trunk o => o with { Version = version },
        InboundRule o => o with { Version = version },
        OutboundRule o => o with { Version = version },
        IvrMenu o => o with { Version = version },
        Queue o => o with { Version = version },
        RingGroup o => o with { Version = version },
        Announcement o => o with { Version = version },
        Mailbox o => o with { Version = version },
        Prompt o => o with { Version = version },
        ClosureSwitch o => o with { Version = version },
        AgentLogin o => o with { Version = version },
        _ => throw new ArgumentException($"{item.GetType()} is no kind of configuration object.", nameof(item)),
    };

    private static Extension Complete(Extension extension, Extension? stored) => extension with
    {
        Devices = extension.Devices.Select(device => device with
        {
            Password = Keep(device.Password, stored?.Devices.FirstOrDefault(d => d.Key == device.Key)?.Password) ?? NewPassword(),
        }).ToValueList(),
    };

    /// <summary>A sound that was made from the same words stays; one made from others is forgotten, so that it is made anew.</summary>
    private static Prompt Complete(Prompt prompt, Prompt? stored)
    {
        if (!prompt.Spoken) return prompt;
        var sameWords = stored is { Spoken: true } && stored.Text == prompt.Text && stored.Language == prompt.Language;
        if (sameWords && prompt.Audio is null) return prompt with { Audio = stored!.Audio, DurationMilliseconds = stored.DurationMilliseconds };
        return !sameWords && prompt.Audio is not null && prompt.Audio == stored?.Audio
            ? prompt with { Audio = null, DurationMilliseconds = 0 }
            : prompt;
    }

    /// <summary>An instant as precisely as PostgreSQL keeps it, so that what is published is what a restart reads.</summary>
    private static DateTimeOffset Stored(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static Secret? Keep(Secret? given, Secret? stored) => given is null ? stored : given.Reveal().Length == 0 ? null : given;

    private static Secret NewPassword() => new(RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength));

    private static Secret NewPin() => new(RandomNumberGenerator.GetString("0123456789", PinLength));
}
