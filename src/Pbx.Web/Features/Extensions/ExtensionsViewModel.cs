using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;
using System.Globalization;
using System.Security.Cryptography;

namespace Pbx.Web.Features.Extensions;

/// <summary>The credentials of a device, as they are shown once.</summary>
public sealed record DeviceCredentials(string Device, string UserName, string Password);

/// <summary>What list and form need to know of extensions.</summary>
public sealed class ExtensionsViewModel : ObjectKindModel<Extension>
{
    private const int FirstNumber = 100;
    private const string PasswordAlphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Extension;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<Extension>> Columns { get; } =
    [
        new(t => t.Number, (e, _, _) => e.Number),
        new(t => t.Name, (e, _, _) => e.Name),
        new(t => t.SitePicker, (e, s, t) => ObjectNames.Of(s, ObjectKind.Site, e.Site, t)),
        new(t => t.Devices, (e, _, t) => e.Devices.Count.ToString(t.Culture)),
        new(t => t.Email, (e, _, _) => e.Email ?? ""),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Extension> All(PbxSnapshot snapshot) => snapshot.Extensions.Values;

    /// <inheritdoc/>
    public override string NameOf(Extension item) => $"{item.Number} {item.Name}".Trim();

    /// <inheritdoc/>
    public override Extension AsNew(Extension item, string key) => item with { Key = key, Version = 0 };

    /// <summary>The next free number of the usual length, with one device.</summary>
    public override Extension New(PbxSnapshot snapshot)
    {
        var number = NextNumber(snapshot);
        var extension = new Extension { Key = number, Name = "", Number = number, Site = snapshot.Sites.Keys.Order(StringComparer.Ordinal).FirstOrDefault() ?? "" };
        return extension with { Devices = [NewDevice(extension, snapshot)] };
    }

    /// <summary>A further device of an extension, with a user name that nobody has and no password: one is generated when it is saved.</summary>
    public static Device NewDevice(Extension extension, PbxSnapshot snapshot)
    {
        var key = KeyNames.Free("phone", k => extension.Devices.All(d => d.Key != k));
        var userName = KeyNames.Free(extension.Number, n =>
            (!snapshot.DeviceUsers.TryGetValue(n, out var owner) || owner.Extension == extension.Key) && extension.Devices.All(d => d.UserName != n));
        return new Device { Key = key, UserName = userName };
    }

    /// <summary>A new number also renames the first device's user name, while that is the old number.</summary>
    public static Extension Renumbered(Extension extension, string number) => extension with
    {
        Number = number,
        Devices = extension.Devices.Select(d => d.UserName == extension.Number ? d with { UserName = number } : d).ToValueList(),
    };

    /// <summary>The device with a new password.</summary>
    public static Device WithNewPassword(Device device) => device with { Password = new Secret(RandomNumberGenerator.GetString(PasswordAlphabet, 16)) };

    /// <summary>The credentials that a save has made or changed: shown once.</summary>
    public static IReadOnlyList<DeviceCredentials> NewCredentials(Extension? before, Extension after) =>
    [
        .. from device in after.Devices
           where device.Password is not null && before?.Devices.FirstOrDefault(d => d.Key == device.Key)?.Password?.Equals(device.Password) != true
           select new DeviceCredentials(device.Name.Length > 0 ? device.Name : device.Key, device.UserName, device.Password!.Reveal()),
    ];

    /// <summary>A mailbox for an extension that has none.</summary>
    public static Mailbox MailboxFor(Extension extension, PbxSnapshot snapshot) => new()
    {
        Key = KeyNames.Free(extension.Number, k => !snapshot.Mailboxes.ContainsKey(k)),
        Name = extension.Name, Site = extension.Site, MailExtensions = [extension.Key],
    };

    /// <inheritdoc/>
    protected override string KeyText(Extension item) => item.Number;

    private static string NextNumber(PbxSnapshot snapshot)
    {
        var highest = snapshot.Extensions.Values.Select(e => int.TryParse(e.Number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Where(n => n < 100_000).DefaultIfEmpty(FirstNumber - 1).Max();
        for (var next = Math.Max(highest + 1, FirstNumber); ; next++)
        {
            var text = next.ToString(CultureInfo.InvariantCulture);
            if (!snapshot.Numbers.ContainsKey(text)) return text;
        }
    }
}
