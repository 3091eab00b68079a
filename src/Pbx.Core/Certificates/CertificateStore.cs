using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Pbx.Core.Access;
using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>
/// Owner of the server's certificate: makes the private authority and what it issues, takes an uploaded one, follows files that another
/// program renews, and says what people must know. Whatever happens, some certificate serves.
/// </summary>
public sealed partial class CertificateStore : ICertificateSource, IDisposable
{
    private const string AuthorityName = "authority";
    private const string OwnName = "server";
    private const string OwnEllipticName = "server-elliptic";
    private const string UploadedName = "uploaded";
    private static readonly TimeSpan FilesInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromHours(1);

    private readonly Subscribers<ServerCertificate> subscribers = new();
    private readonly Lock gate = new();
    private readonly CertificateFolder folder;
    private readonly IReadOnlyList<string> bootNames;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Func<IReadOnlyList<string>> findOwnNames;
    private readonly RenewedFiles files = new();
    private ServerCertificate authority = null!;
    private ITimer? timer;
    private long renewalLookedAt;
    private (CertificateAlert Alert, DateOnly Day) told;
    private volatile CertificateState? state;

    internal CertificateStore(CertificateFolder folder, IReadOnlyList<string> bootNames, TimeProvider time, ILogger<CertificateStore> logger,
        Func<IReadOnlyList<string>>? findOwnNames = null)
    {
        (this.folder, this.bootNames, this.time, this.logger) = (folder, bootNames, time, logger);
        this.findOwnNames = findOwnNames ?? OwnNames.Find;
    }

    /// <inheritdoc/>
    public ServerCertificate? Current => state?.Serving;

    /// <summary>What is known now. After the start.</summary>
    public CertificateState State => state ?? throw new InvalidOperationException("Not started.");

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<ServerCertificate> changed) => subscribers.Add(changed);

    /// <summary>Makes or loads what serves, and begins to watch. Before anything listens.</summary>
    internal void Start()
    {
        lock (gate)
        {
            authority = LoadAuthority();
            timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Serve(folder.ReadSettings());
            renewalLookedAt = time.GetTimestamp();
        }
    }

    /// <summary>Uses an uploaded certificate, if nothing is wrong with it.</summary>
    public Result<CertificateState> Upload(byte[] content, byte[]? key, Secret? password, Caller caller) => Change(caller, "an uploaded certificate", settings =>
    {
        var read = Checked(CertificateReader.Read(content, key, password, CertificateOrigin.Uploaded), settings);
        if (!read.Succeeded) return Result<CertificateSettings>.Fail(read.Errors);
        folder.Write(UploadedName, read.Value.Leaf, read.Value.Chain);
        return Result<CertificateSettings>.Ok(settings with { Origin = CertificateOrigin.Uploaded });
    });

    /// <summary>Follows files that another program renews, if what they hold now is right.</summary>
    public Result<CertificateState> UseFiles(string certificateFile, string keyFile, Caller caller) => Change(caller, $"the files {certificateFile} {keyFile}", settings =>
    {
        var changed = settings with { Origin = CertificateOrigin.Files, CertificateFile = certificateFile.Trim(), KeyFile = keyFile.Trim() };
        var read = Checked(files.Read(changed), changed);
        return read.Succeeded ? Result<CertificateSettings>.Ok(changed) : Result<CertificateSettings>.Fail(read.Errors);
    });

    /// <summary>Goes back to a certificate of the own authority.</summary>
    public Result<CertificateState> UseOwn(Caller caller) => Change(caller, "a certificate of the own authority",
        settings => Result<CertificateSettings>.Ok(settings with { Origin = CertificateOrigin.Own }));

    /// <summary>Sets the names by which the server is reached; the own certificate is issued anew for them.</summary>
    public Result<CertificateState> SetNames(IReadOnlyList<string> names, Caller caller) => Change(caller, $"the names {string.Join(", ", names)}", settings =>
    {
        ValueList<string> clean = [.. names.Select(n => n.Trim().ToLowerInvariant()).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)];
        var wrong = clean.Where(name => !OwnNames.IsName(name)).Select(CertificateErrors.NameInvalid).ToList();
        return wrong.Count > 0 ? Result<CertificateSettings>.Fail(wrong) : Result<CertificateSettings>.Ok(settings with { Names = clean });
    });

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    /// <summary>One look at files and time, as the timer does it.</summary>
    internal void Look()
    {
        lock (gate)
        {
            try
            {
                var changed = State.Settings.Origin == CertificateOrigin.Files && files.HaveChanged(State.Settings);
                if (!changed && time.GetElapsedTime(renewalLookedAt) < RenewalInterval) return;
                renewalLookedAt = time.GetTimestamp();
                Serve(State.Settings, State.Serving);
            }
#pragma warning disable CA1031 // A timer's call-back: what fails now is tried again, and what serves goes on serving.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                CertificateTroubled(exception.Message);
            }
        }
    }

    private Result<CertificateState> Change(Caller caller, string what, Func<CertificateSettings, Result<CertificateSettings>> change)
    {
        if (caller.Refuse(Permission.ChangeConfiguration) is { } refusal) return Result<CertificateState>.Fail(refusal);
        lock (gate)
        {
            var changed = change(State.Settings);
            if (!changed.Succeeded) return Result<CertificateState>.Fail(changed.Errors);
            folder.WriteSettings(changed.Value);
            CertificateSet(caller.Actor.Name, what);
            Serve(changed.Value);
            return Result<CertificateState>.Ok(State);
        }
    }

    /// <summary>
    /// Loads what is set; where it cannot be used, goes on with what served, or with an own one. <paramref name="known"/>, if it comes from
    /// where it is set, needs only be judged anew.
    /// </summary>
    private void Serve(CertificateSettings settings, ServerCertificate? known = null)
    {
        var wanted = Names(settings);
        var loaded = Load(settings, wanted, known?.Origin == settings.Origin ? known : null);
        var before = state;
        var serving = loaded.Succeeded ? loaded.Value
            : before?.Serving is { } still && still.Origin == settings.Origin && still.NotAfter > time.GetUtcNow() ? still
            : Own(wanted);
        var root = new RootCertificate(authority.Leaf.ExportCertificatePem(), authority.Leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
            authority.NotAfter, authority.Fingerprint);
        if (before is not null && before.Serving.IsSame(serving)) serving = before.Serving;
        state = new CertificateState(settings, serving, root, loaded.Errors.ToValueList(), wanted.ToValueList());
        var trouble = string.Join(" ", loaded.Errors.Select(e => e.Message));
        var interval = settings.Origin == CertificateOrigin.Files ? FilesInterval : RenewalInterval;
        timer!.Change(interval, interval);
        if (trouble.Length > 0 && trouble != string.Join(" ", before?.Trouble.Select(e => e.Message) ?? [])) CertificateTroubled(trouble);
        if (!ReferenceEquals(before?.Serving, serving))
        {
            CertificateServes(string.Join(", ", serving.Names), serving.Issuer, serving.NotAfter);
            subscribers.Publish(serving);
        }
        Alert(time.GetUtcNow());
    }

    private Result<ServerCertificate> Load(CertificateSettings settings, IReadOnlyList<string> wanted, ServerCertificate? known)
    {
        switch (settings.Origin)
        {
            case CertificateOrigin.Own:
                return Result<ServerCertificate>.Ok(Own(wanted, known));
            case CertificateOrigin.Files:
                return Checked(files.Read(settings), settings);
            case CertificateOrigin.Uploaded:
                try
                {
                    return (known ?? folder.Read(UploadedName, CertificateOrigin.Uploaded)) is { } uploaded
                        ? Checked(Result<ServerCertificate>.Ok(uploaded), settings)
                        : Result<ServerCertificate>.Fail(CertificateErrors.NothingUploaded());
                }
                catch (CryptographicException exception)
                {
                    return Result<ServerCertificate>.Fail(CertificateErrors.Unreadable(exception.Message));
                }
            default:
                throw new ArgumentOutOfRangeException(nameof(settings));
        }
    }

    /// <summary>Names set by a person must be proved; those that the server found by itself need not be.</summary>
    private Result<ServerCertificate> Checked(Result<ServerCertificate> read, CertificateSettings settings) =>
        read.Succeeded && CertificateCheck.Findings(read.Value, settings.Names, time.GetUtcNow()) is { Count: > 0 } findings
            ? Result<ServerCertificate>.Fail(findings)
            : read;

    /// <summary>The own certificate and its twin, each issued anew when its names do not suffice or its end is near.</summary>
    private ServerCertificate Own(IReadOnlyList<string> wanted, ServerCertificate? known = null)
    {
        var now = time.GetUtcNow();
        var own = (known ?? ReadOwn(OwnName)) is { } kept && IsGood(kept, wanted, now) ? kept : Issued(OwnName, PrivateAuthority.Issue(authority.Leaf, wanted, now));
        var twin = (known?.Elliptic ?? ReadOwn(OwnEllipticName)) is { } other && IsGood(other, wanted, now) ? other
            : Issued(OwnEllipticName, PrivateAuthority.IssueElliptic(authority.Leaf, wanted, now));
        return ReferenceEquals(own.Elliptic, twin) ? own : new ServerCertificate(own.Leaf, own.Chain, CertificateOrigin.Own, twin);
    }

    private bool IsGood(ServerCertificate kept, IReadOnlyList<string> wanted, DateTimeOffset now) =>
        kept.NotAfter - now > PrivateAuthority.RenewBefore && wanted.All(kept.Proves)
        && kept.Leaf.IssuerName.RawData.AsSpan().SequenceEqual(authority.Leaf.SubjectName.RawData);

    private ServerCertificate Issued(string name, X509Certificate2 certificate)
    {
        Keep(name, certificate);
        return new ServerCertificate(certificate, [], CertificateOrigin.Own);
    }

    /// <summary>A disk that is full or read-only must not keep the server from starting: what cannot be kept serves from memory.</summary>
    private void Keep(string name, X509Certificate2 certificate)
    {
        try
        {
            folder.Write(name, certificate, []);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            CertificateNotKept(exception.Message);
        }
    }

    private ServerCertificate? ReadOwn(string name)
    {
        try
        {
            return folder.Read(name, CertificateOrigin.Own);
        }
        catch (CryptographicException)
        {
            // Another one can be issued any time.
            return null;
        }
    }

    private ServerCertificate LoadAuthority()
    {
        try
        {
            if (folder.Read(AuthorityName, CertificateOrigin.Own) is { } kept && kept.NotAfter > time.GetUtcNow()) return kept;
        }
        catch (CryptographicException exception)
        {
            AuthorityUnreadable(exception.Message);
            folder.SetAside(AuthorityName);
        }
        var made = PrivateAuthority.Create("Pbx authority", time.GetUtcNow());
        Keep(AuthorityName, made);
        return new ServerCertificate(made, [], CertificateOrigin.Own);
    }

    private List<string> Names(CertificateSettings settings) =>
        [.. settings.Names.Concat(bootNames.Select(n => n.ToLowerInvariant())).Concat(findOwnNames()).Distinct(StringComparer.Ordinal)];

    /// <summary>Once a day as long as it lasts.</summary>
    private void Alert(DateTimeOffset now)
    {
        var alert = State.AlertAt(now);
        var today = (alert, DateOnly.FromDateTime(now.UtcDateTime));
        if (alert is not (CertificateAlert.None or CertificateAlert.Unusable) && told != today) CertificateEnds(alert, State.DaysLeft(now), State.Serving.NotAfter);
        told = today;
    }

    [LoggerMessage(2301, LogLevel.Information, "The server's certificate is for {Names}, issued by {Issuer}, valid until {End:yyyy-MM-dd}.")]
    private partial void CertificateServes(string names, string issuer, DateTimeOffset end);

    [LoggerMessage(2302, LogLevel.Information, "{Actor} set {What} for the server's certificate.")]
    private partial void CertificateSet(string actor, string what);

    [LoggerMessage(2303, LogLevel.Warning, "The certificate that was set cannot be used; what served goes on. {Reason}")]
    private partial void CertificateTroubled(string reason);

    [LoggerMessage(2304, LogLevel.Warning, "The server's certificate needs attention ({Alert}): {Days} days left, until {End:yyyy-MM-dd}.")]
    private partial void CertificateEnds(CertificateAlert alert, int days, DateTimeOffset end);

    [LoggerMessage(2306, LogLevel.Error, "A certificate cannot be written to the data directory; it serves until the next start. {Reason}")]
    private partial void CertificateNotKept(string reason);

    [LoggerMessage(2305, LogLevel.Error, "The private authority cannot be read (set aside) and a new one was made: phones need its root. {Reason}")]
    private partial void AuthorityUnreadable(string reason);
}
