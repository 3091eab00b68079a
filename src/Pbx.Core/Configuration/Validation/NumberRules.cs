using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration.Validation;

/// <summary>What can be dialled, and who registers, must be unique in the system.</summary>
internal static class NumberRules
{
    /// <summary>True when a change of one object can make something unique no longer so: it takes a number, a code or a user name that it had not.</summary>
    /// <param name="before">The object before; null when it is new.</param>
    /// <param name="after">The object after; null when it is gone.</param>
    public static bool Concerns(IConfigObject? before, IConfigObject? after) => after switch
    {
        SystemSettings settings => before is not SystemSettings old || old.EmergencyNumbers != settings.EmergencyNumbers || old.DialCodes != settings.DialCodes,
        Extension extension => before is not Extension old || old.Number != extension.Number
            || !extension.Devices.Select(d => d.UserName).SequenceEqual(old.Devices.Select(d => d.UserName)),
        ITargetObject { Number: { } number } => (before as ITargetObject)?.Number != number,
        _ => false,
    };

    public static void Check(PbxSnapshot snapshot, Findings findings)
    {
        var taken = new Dictionary<string, Owner>(StringComparer.Ordinal);
        CheckEmergency(snapshot, taken, findings);
        CheckDialCodes(snapshot, taken, findings);
        foreach (var target in snapshot.All().OfType<ITargetObject>())
        {
            if (target.Number is { } number) CheckNumber(target, number, taken, findings);
        }
        CheckUserNames(snapshot, findings);
    }

    private static void CheckEmergency(PbxSnapshot snapshot, Dictionary<string, Owner> taken, Findings findings)
    {
        for (var i = 0; i < snapshot.Settings.EmergencyNumbers.Count; i++)
        {
            var number = snapshot.Settings.EmergencyNumbers[i];
            var path = $"settings/emergencyNumbers/{i}";
            if (!Findings.IsDigits(number) || number.Length is < 2 or > 15)
                findings.Add("emergency-number-invalid", path, $"'{number}' is no emergency number: use 2 to 15 digits.", number);
            Take(number, new Owner("emergency-number", "an emergency number"), path, taken, findings);
        }
    }

    private static void CheckDialCodes(PbxSnapshot snapshot, Dictionary<string, Owner> taken, Findings findings)
    {
        for (var i = 0; i < snapshot.Settings.DialCodes.Count; i++)
        {
            var code = snapshot.Settings.DialCodes[i].Code;
            var path = $"settings/dialCodes/{i}/code";
            if (!Findings.IsDialled(code) || code.Length is < 2 or > 15)
                findings.Add("dial-code-invalid", path, $"'{code}' is no dial code: use 2 to 15 of 0-9, * and #.", code);
            Take(code, new Owner("dial-code", "a dial code"), path, taken, findings);
        }
    }

    private static void CheckNumber(ITargetObject target, string number, Dictionary<string, Owner> taken, Findings findings)
    {
        var path = Findings.Path(target, "number");
        if (!Findings.IsDigits(number) || number.Length > 15)
            findings.Add("number-invalid", path, $"'{number}' is no internal number: use 1 to 15 digits.", number);
        Take(number, new Owner(target.AsDestination.ToString(), target.AsDestination.ToString()), path, taken, findings);
    }

    private static void Take(string number, Owner owner, string path, Dictionary<string, Owner> taken, Findings findings)
    {
        if (taken.TryAdd(number, owner)) return;
        findings.Add("number-taken", path, $"{number} is taken by {taken[number].Words}: choose another number.", number, taken[number].Name);
    }

    private static void CheckUserNames(PbxSnapshot snapshot, Findings findings)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var extension in snapshot.Extensions.Values.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            for (var i = 0; i < extension.Devices.Count; i++)
            {
                var user = extension.Devices[i].UserName;
                if (owners.TryAdd(user, extension.Key)) continue;
                findings.Add("user-name-taken", Findings.Path(extension, $"devices/{i}/userName"),
                    $"The user name '{user}' is taken by a device of {owners[user]}: choose another.", user, owners[user]);
            }
        }
    }

    /// <summary>Who has a number: as the error's argument names it, and in the words of its message.</summary>
    private readonly record struct Owner(string Name, string Words);
}
