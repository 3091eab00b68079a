using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Pbx.Core.Common;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration.Validation;

/// <summary>The mistakes found so far, and the small checks that find them.</summary>
internal sealed partial class Findings
{
    public List<PbxError> Errors { get; } = [];

    public void Add(string code, string path, string message, params string[] arguments) => Errors.Add(new PbxError(code, path, message, arguments));

    /// <summary>The path of a field of an object.</summary>
    public static string Path(IConfigObject item, string field) => $"{References.PathOf(new ObjectRef(item.Kind, item.Key))}/{field}";

    public void Key(IConfigObject item)
    {
        if (!IsKey(item.Key))
            Add("key-invalid", Path(item, "key"), $"'{item.Key}' is no key: use 1 to 63 lower-case letters, digits and hyphens.", item.Key);
    }

    public void Name(IConfigObject item, string name)
    {
        if (string.IsNullOrWhiteSpace(name)) Add("name-missing", Path(item, "name"), "A name is missing: give one that people will recognise.");
        else if (name.Length > 200) Add("name-too-long", Path(item, "name"), "The name is longer than 200 characters: shorten it.");
    }

    public void Range(IConfigObject item, string field, int value, int least, int most)
    {
        if (value >= least && value <= most) return;
        var (low, high) = (least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
        Add("out-of-range", Path(item, field), $"{value} is out of range: choose {low} to {high}.",
            value.ToString(CultureInfo.InvariantCulture), low, high);
    }

    /// <summary>A single key of a telephone, or none.</summary>
    public void SingleKey(IConfigObject item, string field, string? value)
    {
        if (value is not null && !(value.Length == 1 && IsDialled(value)))
            Add("key-pressed-invalid", Path(item, field), $"'{value}' is no telephone key: choose one of 0-9, * and #.", value);
    }

    public void Email(IConfigObject item, string field, string? value)
    {
        if (value is not null && !EmailPattern().IsMatch(value))
            Add("email-invalid", Path(item, field), $"'{value}' is no e-mail address: write it as name@example.com.", value);
    }

    /// <summary>A public number, or none.</summary>
    public void PublicNumber(IConfigObject item, string field, string? value)
    {
        if (value is not null && !PublicPattern().IsMatch(value))
            Add("public-number-invalid", Path(item, field), $"'{value}' is no public number: write it in E.164, such as +33140000000.", value);
    }

    public void Country(IConfigObject item, string value)
    {
        if (value.Length != 2 || !value.All(char.IsAsciiLetterUpper))
            Add("country-unknown", Path(item, "country"), $"'{value}' is no country: write its ISO code, such as FR.", value);
    }

    public static bool IsKey(string text) => text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public static bool IsDigits(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    /// <summary>True for what can be keyed on a telephone.</summary>
    public static bool IsDialled(string text) => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c is '*' or '#');

    public static bool IsOutsideNumber(string text) => OutsidePattern().IsMatch(text);

    /// <summary>True for PEM text with at least one certificate in it.</summary>
    public static bool AreCertificates(string pem)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(pem);
            return all.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[^@\s<>,;""]+@[^@\s<>,;""]+\.?[^@\s<>,;"".]+$")]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"^\+?[0-9]{3,15}$")]
    private static partial Regex PublicPattern();

    [GeneratedRegex(@"^\+?[0-9*#]{2,30}$")]
    private static partial Regex OutsidePattern();
}
