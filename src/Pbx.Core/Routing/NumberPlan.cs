using PhoneNumbers;

namespace Pbx.Core.Routing;

/// <summary>Numbers of the public network, compared in E.164.</summary>
public static class NumberPlan
{
    private static readonly PhoneNumberUtil Util = PhoneNumberUtil.GetInstance();

    /// <summary>Stands for a number that is in no country.</summary>
    public const string NoCountry = "001";

    /// <summary>The countries of the plan, as ISO codes in order.</summary>
    public static IReadOnlyList<string> Countries { get; } = [.. Util.GetSupportedRegions().Order(StringComparer.Ordinal)];

    /// <summary>
    /// The E.164 form of a number as a provider or a person in <paramref name="country"/> writes it (<c>+33 1 ..</c>, <c>0033..</c>,
    /// <c>01..</c>, <c>331..</c>); the digits as they are when it is no number of the public network.
    /// </summary>
    public static string ToE164(string text, string country)
    {
        var plain = Plain(text);
        if (plain.Length == 0) return "";
        if (plain[0] == '+') return Parse(plain, country) is { } given ? Format(given) : plain;
        var national = Parse(plain, country);
        if (national is not null && Util.IsValidNumber(national)) return Format(national);
        // Some providers leave the plus of the international form out.
        var international = Parse("+" + plain, country);
        if (international is not null && Util.IsValidNumber(international)) return Format(international);
        return national is not null && plain.Length > 6 && Util.IsPossibleNumber(national) ? Format(national) : plain;
    }

    /// <summary>
    /// The forms in which a number may be looked for in dialled patterns: as written first, then E.164, then national. Short and
    /// unreadable numbers have only the first.
    /// </summary>
    public static IReadOnlyList<string> DialledForms(string text, string country)
    {
        var plain = Plain(text);
        if (plain.Length < 7 || Parse(plain, country) is not { } number || !Util.IsPossibleNumber(number)) return [plain];
        var forms = new List<string> { plain };
        AddNew(forms, Format(number));
        if (Util.GetRegionCodeForNumber(number) == country)
            AddNew(forms, Plain(Util.Format(number, PhoneNumberFormat.NATIONAL)));
        return forms;
    }

    /// <summary>
    /// Where a number as sent to a provider in <paramref name="country"/> leads and whether it is at a premium. The region is an ISO code,
    /// <see cref="NoCountry"/> for satellites, international networks and what cannot be read though it begins like an international number,
    /// and null for short and inland numbers of no plan.
    /// </summary>
    public static (string? Region, bool IsPremium) Judge(string sent, string country)
    {
        var plain = Plain(sent);
        if (plain.Length < 7 && !plain.StartsWith('+')) return (null, IsShortPremium(plain, country));
        var isInternational = plain.StartsWith('+') || plain.StartsWith("00", StringComparison.Ordinal);
        var number = Parse(plain, country);
        // As some providers want it: the international form without its plus.
        if (!isInternational && (number is null || !Util.IsValidNumber(number)) && Parse("+" + plain, country) is { } bare && Util.IsValidNumber(bare)) number = bare;
        if (number is null) return (isInternational ? NoCountry : null, false);
        // A number that is not assigned belongs to the first country of its code.
        var region = Util.GetRegionCodeForNumber(number) ?? Util.GetRegionCodeForCountryCode(number.CountryCode);
        if (region is "001" or "ZZ") region = NoCountry;
        return (region, Util.GetNumberType(number) == PhoneNumberType.PREMIUM_RATE);
    }

    // Four digits are services such as 3631, whose price the law bounds; directory services (118xxx) are what costs.
    private static bool IsShortPremium(string plain, string country) =>
        plain.Length > 4 && Parse(plain, country) is { } number && ShortNumberInfo.GetInstance().GetExpectedCostForRegion(number, country) == ShortNumberInfo.ShortNumberCost.PREMIUM_RATE;

    private static void AddNew(List<string> forms, string form)
    {
        if (!forms.Contains(form)) forms.Add(form);
    }

    private static string Format(PhoneNumber number) => Util.Format(number, PhoneNumberFormat.E164);

    private static PhoneNumber? Parse(string text, string country)
    {
        // The library tells an unreadable number by an exception only; callers send such ones, so the cheap cases are sorted out first.
        if (text.Length is < 3 or > 20) return null;
        try
        {
            return Util.Parse(text, country);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string Plain(string text) =>
        string.Concat(text.Where((c, i) => char.IsAsciiDigit(c) || (c == '+' && i == 0) || c is '*' or '#'));
}
