using CsCheck;
using Pbx.Core.Live;
using Pbx.Sip.Engine.Registrar;

namespace Pbx.Sip.Tests.Engine.Registrar;

/// <summary>What pages are shown of ten thousand registrations when a few of them change.</summary>
public sealed class RegistrationRowsTests
{
    [Fact]
    public void Build_AfterAnyChanges_IsAsIfAllWereMadeAnew() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Bool).List[0, 60].Sample(steps =>
        {
            var phones = new Phones();
            foreach (var (extension, count, look) in steps)
            {
                phones.Set($"e{extension}", count);
                phones.Rows.Note($"e{extension}");
                if (look) Assert.Equal(phones.All, phones.Rows.Build());
            }
            phones.Rows.NoteAll();
            Assert.Equal(phones.All, phones.Rows.Build());
        });

    [Fact]
    public void Build_OneOfThousandChanged_AsksForThatOneAlone_AndForAllWhenTheClockWasSet()
    {
        var phones = new Phones();
        for (var i = 0; i < 1000; i++) phones.Set($"e{i}", 1);
        Assert.Equal(1000, phones.Rows.Build().Count);
        Assert.Equal(1000, phones.Asked);
        phones.Rows.Note("e7");
        phones.Rows.Build();
        phones.Rows.Build();
        Assert.Equal(1001, phones.Asked);
        phones.Rows.NoteAll();
        phones.Rows.Build();
        Assert.Equal(2001, phones.Asked);
    }

    private sealed class Phones
    {
        private readonly SortedDictionary<string, LiveRegistration[]> now = new(StringComparer.Ordinal);

        public Phones() => Rows = new(() => now.Keys, extension =>
        {
            Asked++;
            return now.GetValueOrDefault(extension) ?? [];
        });

        public RegistrationRows Rows { get; }

        public int Asked { get; private set; }

        public IEnumerable<LiveRegistration> All => now.Values.SelectMany(each => each);

        public void Set(string extension, int count)
        {
            if (count == 0) now.Remove(extension);
            else now[extension] = [.. Enumerable.Range(0, count).Select(i => new LiveRegistration(extension, $"d{i}", "sip:x@192.0.2.1", "192.0.2.1:5060", "UDP", "", default, default, false))];
        }
    }
}
