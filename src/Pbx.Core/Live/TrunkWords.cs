namespace Pbx.Core.Live;

/// <summary>
/// What the engine says of a trunk, among the provider's own words. Who shows them to people says them in their language.
/// </summary>
public static class TrunkWords
{
    /// <summary>Neither registers nor is asked for a sign of life.</summary>
    public const string NotWatched = "not watched";

    /// <summary>A call found it silent.</summary>
    public const string CallUnanswered = "a call was not answered";

    /// <summary>It is held to encryption, and its transport is not TLS.</summary>
    public const string TransportInClear = "encryption is required, and its transport is not TLS";

    /// <summary>There is no listener of its transport.</summary>
    public const string NoListener = "we do not listen on its transport";

    /// <summary>Follows its host name.</summary>
    public const string NoAddress = "has no address";

    /// <summary>Its server's address follows.</summary>
    public const string NoConnection = "no connection to";

    /// <summary>Silence.</summary>
    public const string NoAnswerTo = "no answer to";

    /// <summary>It answered 503.</summary>
    public const string OutOfService = "out of service";

    /// <summary>The status of its answer follows.</summary>
    public const string Answers = "answers";

    /// <summary>It does not know the account, or not by this password.</summary>
    public const string PasswordRefused = "user name or password refused";

    /// <summary>Its answer follows.</summary>
    public const string RegisterRefused = "REGISTER refused:";

    /// <summary>Its answer follows.</summary>
    public const string RegisterFailed = "REGISTER failed:";

    /// <summary>The time in seconds follows.</summary>
    public const string RegisteredFor = "registered for";

    /// <summary>The trunk accepts any certificate.</summary>
    public const string CertificateUnchecked = "certificate not checked";
}
