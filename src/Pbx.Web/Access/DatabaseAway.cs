using System.Data.Common;

namespace Pbx.Web.Access;

/// <summary>Tells that what failed may have failed because the database is away: nobody is signed out for that.</summary>
internal static class DatabaseAway
{
    /// <summary>True when it may be so.</summary>
    public static bool Explains(Exception e) => e is DbException or InvalidOperationException or TimeoutException;
}
