namespace Pbx.Sip.Messages;

/// <summary>
/// Method names. A parsed method that is one of these is the very same string object; methods are case-sensitive (RFC 3261 §7.1).
/// </summary>
internal static class SipMethods
{
    public const string Ack = "ACK";
    public const string Bye = "BYE";
    public const string Cancel = "CANCEL";
    public const string Info = "INFO";
    public const string Invite = "INVITE";
    public const string Message = "MESSAGE";
    public const string Notify = "NOTIFY";
    public const string Options = "OPTIONS";
    public const string Prack = "PRACK";
    public const string Publish = "PUBLISH";
    public const string Refer = "REFER";
    public const string Register = "REGISTER";
    public const string Subscribe = "SUBSCRIBE";
    public const string Update = "UPDATE";

    private static readonly string[] All =
        [Invite, Ack, Bye, Cancel, Register, Options, Prack, Update, Info, Notify, Subscribe, Refer, Message, Publish];

    /// <summary>The name as a string, shared when it is a known method.</summary>
    public static string Intern(ReadOnlySpan<char> name)
    {
        foreach (var known in All)
            if (name.SequenceEqual(known))
                return known;
        return name.ToString();
    }

    /// <summary>True for a method that this stack knows by name.</summary>
    public static bool IsKnown(string method) => Array.IndexOf(All, method) >= 0;

    /// <summary>True when a 2xx to the method makes a dialog, so that the response carries Record-Route (RFC 3261 §12.1.1).</summary>
    public static bool FormsDialog(string method) => method is Invite or Subscribe or Refer or Notify;
}
