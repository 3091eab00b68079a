using Pbx.Core.Configuration;
using Pbx.Core.Demo;
using Pbx.Core.Extensions;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Tests.Demo;

public sealed class DemoCompanyTests
{
    [Fact]
    public void Create_Twice_GivesNoPasswordASecondTime_AndHardlyAPin()
    {
        var (first, second) = (Secrets(), Secrets());

        Assert.Equal(12, first.Passwords.Count);
        Assert.Equal(24, first.Passwords.Concat(second.Passwords).Distinct().Count());
        Assert.Equal(first.Pins.Keys.Order(), second.Pins.Keys.Order());
        // A PIN of six digits may come twice by chance, all of them may not.
        Assert.InRange(first.Pins.Count(pin => second.Pins[pin.Key] == pin.Value), 0, 1);
        Assert.InRange(first.Pins.Values.Distinct().Count(), first.Pins.Count - 1, first.Pins.Count);
    }

    private static (List<string> Passwords, Dictionary<string, string> Pins) Secrets()
    {
        var items = DemoCompany.Create().OfType<Change.Put>().Select(put => put.Item).ToList();
        return ([.. items.OfType<Extension>().SelectMany(extension => extension.Devices).Select(device => device.Password!.Reveal())],
            items.OfType<Mailbox>().ToDictionary(box => box.Key, box => box.Pin!.Reveal()));
    }
}
