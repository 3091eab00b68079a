using CsCheck;
using Pbx.Core.Common;
using Pbx.Core.Configuration.Validation;
using Pbx.Core.Extensions;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.CallFlow;
using Pbx.Testing.CallFlow;

namespace Pbx.Core.Tests.Validation;

/// <summary>Looking only at what a change concerns finds the same mistakes as looking at everything.</summary>
public sealed class ChangeValidationTests
{
    [Theory, MemberData(nameof(SnapshotValidatorTests.Mistakes), MemberType = typeof(SnapshotValidatorTests))]
    public void Mistake_OfOneObject_IsFound(string code, string path, IConfigObject item)
    {
        var errors = AssertSame(CallDriver.Company(), [item]);
        Assert.Contains(errors, e => e.Code == code && e.Path == path);
    }

    /// <summary>Objects of one company put into another: numbers, names and ways on collide, references lead nowhere, loops close.</summary>
    [Fact]
    public void RandomChanges_GiveTheSameMistakes()
    {
        HashSet<string> codes = [];
        Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 9999], Gen.Int[1, 4], Gen.Int).Sample((into, from, count, choice) =>
        {
            var random = new Random(choice);
            var company = RandomCompany.Create(into);
            var others = RandomCompany.Create(from).All().ToList();
            var errors = AssertSame(company, [.. Enumerable.Range(0, count).Select(_ => Taking(others[random.Next(others.Count)], company, random))]);
            lock (codes) codes.UnionWith(errors.Select(e => e.Code));
        }, iter: 3000);
        // What is compared must come about, or the comparison says nothing.
        Assert.Superset(new HashSet<string> { "number-taken", "user-name-taken", "reference-missing", "loop" }, codes);
    }

    /// <summary>An extension may take somebody's number or user name; other objects are left alone.</summary>
    private static IConfigObject Taking(IConfigObject item, PbxSnapshot company, Random random) => item is not Extension extension ? item : random.Next(3) switch
    {
        0 => extension with { Number = company.Numbers.Keys.Order(StringComparer.Ordinal).FirstOrDefault("100") },
        1 => extension with { Devices = [new Device { Key = "d", UserName = company.DeviceUsers.Keys.Order(StringComparer.Ordinal).FirstOrDefault("nobody"), Password = new Secret("secret") }] },
        _ => extension,
    };

    private static IReadOnlyList<PbxError> AssertSame(PbxSnapshot before, IReadOnlyList<IConfigObject> items)
    {
        var after = items.Aggregate(before, (snapshot, item) => snapshot.With(item));
        var all = SnapshotValidator.Validate(after);
        var found = SnapshotValidator.ValidateChange(before, after, [.. items.Select(item => new ObjectRef(item.Kind, item.Key)).Distinct()]);
        Assert.Equal(Words(all), Words(found));
        return found;
    }

    private static IEnumerable<string> Words(IEnumerable<PbxError> errors) => errors.Select(e => $"{e.Path} {e.Code} {e.Message}").Order(StringComparer.Ordinal);
}
