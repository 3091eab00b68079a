using System.Globalization;

namespace Pbx.Core.Mail;

/// <summary>
/// What the server itself says of a mail where the mail server said nothing. They stand among the mail server's own words in the outbox;
/// who shows them to people says them in their language.
/// </summary>
public static class DeliveryWords
{
    /// <summary>No answer within the limit.</summary>
    public const string NoAnswerInTime = "the server did not answer in time";

    /// <summary>Cut without a word.</summary>
    public const string ConnectionClosed = "the server closed the connection";

    /// <summary>Encryption was asked for and is not offered.</summary>
    public const string NoStartTls = "the server does not offer STARTTLS";

    /// <summary>RFC 5321 section 4.5.4.1: the mail may have arrived or not.</summary>
    public const string CutAfterData = "The connection ended after the mail was sent and before the server answered";

    /// <summary>Our own end came between.</summary>
    public const string Interrupted = "The server was stopped while this mail was being handed over; whether it arrived is not known.";

    private const string GivenUpAfter = "Given up after ";
    private const string Days = " days. ";

    /// <summary>The last attempt failed and there will be no further one; the mail server's words follow.</summary>
    public static string GivenUp(int days, string words) => string.Create(CultureInfo.InvariantCulture, $"{GivenUpAfter}{days}{Days}{words}");

    /// <summary>Splits what <see cref="GivenUp"/> wrote: the days, and the words that follow; null where nothing was given up.</summary>
    public static (int Days, string Words)? ReadGivenUp(string text) =>
        text.StartsWith(GivenUpAfter, StringComparison.Ordinal) && text.IndexOf(Days, StringComparison.Ordinal) is var end and > 0
            && int.TryParse(text.AsSpan(GivenUpAfter.Length, end - GivenUpAfter.Length), CultureInfo.InvariantCulture, out var days)
            ? (days, text[(end + Days.Length)..])
            : null;
}
