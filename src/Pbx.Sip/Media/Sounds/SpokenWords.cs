using System.Globalization;

namespace Pbx.Sip.Media.Sounds;

/// <summary>Which phrases say a time, a count or digits, in the word order of a language.</summary>
internal static class SpokenWords
{
    /// <summary>Each digit by itself; what is no digit is left out.</summary>
    public static IEnumerable<string> Digits(string digits) =>
        from character in digits
        let name = character switch { '*' => "digit-star", '#' => "digit-hash", >= '0' and <= '9' => "digit-" + character, _ => null }
        where name is not null
        select name;

    /// <summary>A count; above 59 digit by digit.</summary>
    public static IEnumerable<string> Count(int count) =>
        count is >= 0 and <= 59 ? [Number(count)] : Digits(count.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// A time of day: "14 heures 30" and "14 heures" in French, where the hour is a phrase of its own for the sake of "une heure" and
    /// "minuit"; "14 30", "14 0 5" and "14 o'clock" otherwise.
    /// </summary>
    public static IEnumerable<string> Time(DateTime local, string language)
    {
        var french = language.StartsWith("fr", StringComparison.OrdinalIgnoreCase);
        yield return french ? "hour-" + local.Hour.ToString(CultureInfo.InvariantCulture) : Number(local.Hour);
        if (!french && local.Minute == 0) yield return "o-clock";
        if (!french && local.Minute is > 0 and < 10) yield return Number(0);
        if (local.Minute > 0) yield return Number(local.Minute);
    }

    private static string Number(int number) => "number-" + number.ToString(CultureInfo.InvariantCulture);
}
