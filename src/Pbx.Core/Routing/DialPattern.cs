namespace Pbx.Core.Routing;

/// <summary>
/// The patterns of outbound rules: digits, <c>+</c>, <c>*</c> inside and <c>#</c> literally, <c>X</c> any digit, <c>Z</c> 1 to 9,
/// <c>N</c> 2 to 9, a final <c>*</c> any rest.
/// </summary>
public static class DialPattern
{
    /// <summary>True when the number matches.</summary>
    public static bool Matches(string pattern, string number)
    {
        var open = pattern.EndsWith('*');
        var length = open ? pattern.Length - 1 : pattern.Length;
        if (open ? number.Length < length : number.Length != length) return false;
        for (var i = 0; i < length; i++)
        {
            if (!Matches(pattern[i], number[i])) return false;
        }
        return true;
    }

    /// <summary>True when it is written correctly.</summary>
    public static bool IsValid(string pattern) =>
        pattern.Length is > 0 and <= 40 && pattern.All(c => char.IsAsciiDigit(c) || c is '+' or '*' or '#' or 'X' or 'Z' or 'N');

    private static bool Matches(char pattern, char digit) => pattern switch
    {
        'X' => char.IsAsciiDigit(digit),
        'Z' => digit is >= '1' and <= '9',
        'N' => digit is >= '2' and <= '9',
        _ => pattern == digit,
    };
}
