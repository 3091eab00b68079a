namespace Pbx.Core.Access;

/// <summary>A browser that is signed in to the console.</summary>
/// <param name="Id">What its cookie names it by.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Browser">Browser and system in short, such as <c>Firefox, Windows</c>; empty when unknown.</param>
/// <param name="Address">The address that it was last seen at.</param>
/// <param name="StartedAt">When it signed in.</param>
/// <param name="SeenAt">When it last asked for something, some minutes exact.</param>
public sealed record ConsoleSession(Guid Id, Guid User, string Browser, string Address, DateTimeOffset StartedAt, DateTimeOffset SeenAt);

/// <summary>How a session stands.</summary>
public enum SessionState
{
    /// <summary>Signed in.</summary>
    Live,
    /// <summary>Signed out, ended, or of somebody who may not come in any more.</summary>
    Ended,
    /// <summary>The database is away and cannot say: nobody is signed out for that.</summary>
    Unknown,
}
