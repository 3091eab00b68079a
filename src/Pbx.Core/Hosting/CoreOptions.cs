using Pbx.Core.Common;

namespace Pbx.Core.Hosting;

/// <summary>What must be known before the configuration can be read.</summary>
public sealed record CoreOptions
{
    /// <summary>The data directory; made when it is not there.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Which database.</summary>
    public DatabaseProvider Provider { get; init; }

    /// <summary>How to connect to it; null for SQLite: the file <c>db/pbx.db</c> in the data directory.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Unattended set-up: e-mail address of the first administrator, made at the start when none exists; null: by the set-up code.</summary>
    public string? SetupAdminEmail { get; init; }

    /// <summary>Unattended set-up: its password, which must be changed at the first sign-in.</summary>
    public Secret? SetupAdminPassword { get; init; }

    /// <summary>
    /// Unattended set-up: the text of a first API token with the administrator's role, at least 32 characters that begin with <c>pbx_</c>;
    /// made once, while the system has no administrator.
    /// </summary>
    public Secret? SetupApiToken { get; init; }

    /// <summary>Names and addresses by which the server is reached that are known before the configuration: its certificate is for them too.</summary>
    public IReadOnlyList<string> ServerNames { get; init; } = [];
}
