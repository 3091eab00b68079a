using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Access;

/// <summary>
/// The first administrator. The system is claimed once an enabled administrator exists in the database; until then creating one needs
/// the set-up code of this start, which lies in the data directory (mode 0600) and in the log.
/// </summary>
public sealed partial class SystemSetup(UserAdministration users, DataDirectory directory, TimeProvider time, ILogger<SystemSetup> log) : IDisposable
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int CodeLength = 10;
    private const int TriesPerMinute = 5;

    private readonly SemaphoreSlim claiming = new(1, 1);
    private readonly Queue<DateTimeOffset> wrongTries = new();
    private volatile bool claimed;

    /// <summary>The set-up code of this start: 10 base32 characters.</summary>
    public string Code { get; } = RandomNumberGenerator.GetString(Base32, CodeLength);

    /// <summary>
    /// At the start: makes the first administrator of an unattended set-up, or else writes the set-up code to its file and the log.
    /// </summary>
    /// <param name="email">E-mail address of an unattended set-up's administrator, or null.</param>
    /// <param name="password">Its password, to be changed at the first sign-in; or null.</param>
    public async Task StartAsync(string? email, Secret? password)
    {
        if (await IsClaimedAsync())
        {
            File.Delete(directory.SetupCodeFile);
            return;
        }
        if (email is not null && password is not null)
        {
            var created = await users.CreateAsync(new UserData(email, email, Roles.Administrator), password.Reveal(), mustChange: true, Caller.System);
            if (created.Succeeded)
            {
                Claimed(email);
                return;
            }
            UnattendedFailed(string.Join(" ", created.Errors.Select(e => e.Message)));
        }
        DataDirectory.WriteAtomically(directory.SetupCodeFile, Encoding.ASCII.GetBytes(Code + "\n"));
        Unclaimed(Code, directory.SetupCodeFile);
    }

    /// <summary>True once an enabled administrator exists. While the database is away: true, for nobody may be let in unknown.</summary>
    public async Task<bool> IsClaimedAsync(CancellationToken cancellationToken = default)
    {
        if (claimed) return true;
        try
        {
            return claimed = await users.HasAdministratorAsync();
        }
        catch (StorageUnavailableException)
        {
            return true;
        }
    }

    /// <summary>
    /// Creates the first administrator. Errors: <c>already-claimed</c>, <c>setup-code-wrong</c>, <c>too-many-tries</c> (more than five
    /// wrong codes in a minute), <c>password-weak</c>, <c>email-invalid</c>.
    /// </summary>
    public async Task<Result<UserInfo>> ClaimAsync(string code, UserData data, string password, CancellationToken cancellationToken = default)
    {
        await claiming.WaitAsync(cancellationToken);
        try
        {
            if (await IsClaimedAsync(cancellationToken))
            {
                return Result<UserInfo>.Fail(new PbxError("already-claimed", "", "The system has an administrator: sign in, or ask that one."));
            }
            if (CheckCode(code) is { } wrong) return Result<UserInfo>.Fail(wrong);
            var created = await users.CreateAsync(data with { Role = Roles.Administrator }, password, mustChange: false, Caller.System);
            if (!created.Succeeded) return Result<UserInfo>.Fail(created.Errors);
            claimed = true;
            File.Delete(directory.SetupCodeFile);
            Claimed(data.Email);
            return Result<UserInfo>.Ok(created.Value.User);
        }
        finally
        {
            claiming.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => claiming.Dispose();

    private PbxError? CheckCode(string code)
    {
        var now = time.GetUtcNow();
        while (wrongTries.TryPeek(out var first) && now - first >= TimeSpan.FromMinutes(1)) wrongTries.Dequeue();
        if (wrongTries.Count >= TriesPerMinute)
        {
            return new PbxError("too-many-tries", "code", "Too many wrong codes: wait a minute.");
        }
        var given = Encoding.UTF8.GetBytes(code.Trim().ToUpperInvariant());
        if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Code))) return null;
        wrongTries.Enqueue(now);
        return new PbxError("setup-code-wrong", "code", "This is not the set-up code of this start. It is in the log and in the data directory.");
    }

    [LoggerMessage(2201, LogLevel.Warning, "No administrator yet. Open the console and enter the set-up code {Code} (also in {File}).")]
    private partial void Unclaimed(string code, string file);

    [LoggerMessage(2202, LogLevel.Information, "{Email} is the first administrator.")]
    private partial void Claimed(string email);

    [LoggerMessage(2203, LogLevel.Error, "The administrator of the unattended set-up could not be made: {Reason}")]
    private partial void UnattendedFailed(string reason);
}
