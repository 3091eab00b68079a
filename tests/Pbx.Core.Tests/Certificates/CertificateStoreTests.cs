using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Pbx.Core.Access;
using Pbx.Core.Certificates;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;

namespace Pbx.Core.Tests.Certificates;

public sealed class CertificateStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly List<string> TheNames = ["box", "192.0.2.10"];

    /// <summary>The files of a first start, made once: keys of RSA take their time.</summary>
    private static readonly Lazy<TemporaryDirectory> FirstStart = new(() =>
    {
        var made = new TemporaryDirectory();
        StoreIn(made.Data.Path, [], new FakeClock(Now), new Lines(), () => TheNames).Start();
        return made;
    });

    private static readonly Lazy<X509Certificate2> Company = new(() => PrivateAuthority.Create("Company", Now.AddDays(-500)));

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("pbx-certificates");
    private readonly FakeClock clock = new(Now);
    private readonly Lines log = new();
    private List<string> ownNames = TheNames;

    public CertificateStoreTests()
    {
        using var copy = FirstStart.Value.Copy();
        foreach (var part in (string[])["keys", "certificates"]) Directory.Move(Path.Combine(copy.Data.Path, part), Path.Combine(directory.FullName, part));
    }

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Start_First_MakesAnAuthorityAndACertificateForAllNamesAndKeepsThem()
    {
        foreach (var part in directory.GetDirectories()) part.Delete(recursive: true);
        var first = Started("pbx.example.com");
        Assert.Equal(["pbx.example.com", "box", "192.0.2.10"], first.Current!.Names);
        Assert.Equal(CertificateAlert.None, first.State.AlertAt(clock.GetUtcNow()));

        var second = Started("pbx.example.com");

        Assert.Equal(first.State.Root, second.State.Root);
        Assert.True(first.Current.IsSame(second.Current!));
        var twin = second.Current!.Elliptic!;
        Assert.Equal(first.Current.Names, twin.Names);
        Assert.Equal(first.Current.Issuer, twin.Issuer);
        Assert.Equal(256, twin.Leaf.GetECDsaPrivateKey()!.KeySize);
        Assert.Equal(2048, second.Current.Leaf.GetRSAPrivateKey()!.KeySize);
    }

    [Fact]
    public void Start_AfterAVersionThatKnewNoTwin_KeepsTheCertificateAndAddsIt()
    {
        var before = Started().Current!;
        File.Delete(Path.Combine(directory.FullName, "certificates", "server-elliptic.json"));
        var after = Started().Current!;
        Assert.Equal(before.Fingerprint, after.Fingerprint);
        Assert.NotEqual(before.Elliptic!.Fingerprint, after.Elliptic!.Fingerprint);
    }

    [Fact]
    public void PrivateKeys_AtRest_AreEncryptedAndOnlyTheOwnersToRead()
    {
        var store = Started();
        var texts = new[] { store.Current!.Leaf.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem().Split('\n')[5], store.Current.Elliptic!.Leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem().Split('\n')[2] };
        foreach (var file in Directory.EnumerateFiles(Path.Combine(directory.FullName, "certificates")))
        {
            var content = File.ReadAllText(file);
            Assert.DoesNotContain("PRIVATE KEY", content, StringComparison.Ordinal);
            Assert.All(texts, text => Assert.DoesNotContain(text, content, StringComparison.Ordinal));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        Assert.DoesNotContain("PRIVATE KEY", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_EndIsNear_IsIssuedAnewByTheSameAuthorityWithoutARestart()
    {
        var store = Started();
        var (before, root) = (store.Current!, store.State.Root);
        ServerCertificate? told = null;
        using var subscription = store.Subscribe(changed => told = changed);

        clock.Advance(TimeSpan.FromDays(330));
        Assert.Same(before, store.Current);
        clock.Advance(TimeSpan.FromDays(10));

        Assert.NotEqual(before.Fingerprint, store.Current!.Fingerprint);
        Assert.NotEqual(before.Elliptic!.Fingerprint, store.Current.Elliptic!.Fingerprint);
        Assert.Same(store.Current, told);
        Assert.Equal(root, store.State.Root);
        Assert.Equal(CertificateAlert.None, store.State.AlertAt(clock.GetUtcNow()));
    }

    [Fact]
    public void Names_Changed_IsIssuedAnewForThem()
    {
        var store = Started();
        Assert.True(store.SetNames(["Pbx.Example.com ", "pbx.example.com", ""], Caller.System).Succeeded);
        Assert.Equal(["pbx.example.com", "box", "192.0.2.10"], store.Current!.Names);
        Assert.Equal(store.Current.Names, store.Current.Elliptic!.Names);
        Assert.Equal("certificate-name-invalid", Assert.Single(store.SetNames(["no such name!"], Caller.System).Errors).Code);
        ownNames = ["box", "192.0.2.11"];
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Contains("192.0.2.11", store.Current.Names);
    }

    [Fact]
    public void Upload_GoodOne_ServesAndSurvivesARestart_BadOneIsRefused()
    {
        var store = Started();
        var (pem, key, leaf) = Foreign("pbx.example.com", 90);

        Assert.Equal("certificate-key-missing", Assert.Single(store.Upload(pem, null, null, Caller.System).Errors).Code);
        Assert.Equal(CertificateOrigin.Own, store.Current!.Origin);
        Assert.True(store.Upload(pem, key, null, Caller.System).Succeeded);
        Assert.Equal(leaf.Thumbprint, store.Current.Leaf.Thumbprint);
        Assert.Same(store.Current.Context, store.Current.ContextFor(elliptic: true));
        Assert.Equal(leaf.Thumbprint, Started().Current!.Leaf.Thumbprint);
        Assert.True(store.UseOwn(Caller.System).Succeeded);
        Assert.Equal(CertificateOrigin.Own, store.Current.Origin);
    }

    [Fact]
    public void Upload_WithoutPermission_IsRefused()
    {
        var store = Started();
        var user = new Caller(new Actor("somebody", ChangeSource.Console), Roles.PermissionsOf(Roles.Receptionist));
        Assert.Equal("forbidden", Assert.Single(store.UseOwn(user).Errors).Code);
    }

    [Fact]
    public void Upload_DoesNotProveAConfiguredName_IsRefused()
    {
        var store = Started();
        store.SetNames(["pbx.example.com"], Caller.System);
        var (pem, key, _) = Foreign("other.example.com", 90);
        Assert.Equal("certificate-name-missing", Assert.Single(store.Upload(pem, key, null, Caller.System).Errors).Code);
    }

    [Fact]
    public void Expiry_Within30Days_IsAlertedAndLoggedOnceADay()
    {
        var store = Started();
        var (pem, key, _) = Foreign("pbx.example.com", 60);
        store.Upload(pem, key, null, Caller.System);
        Assert.Equal(CertificateAlert.None, store.State.AlertAt(clock.GetUtcNow()));

        clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(CertificateAlert.ExpiresSoon, store.State.AlertAt(clock.GetUtcNow()));
        Assert.Equal(29, store.State.DaysLeft(clock.GetUtcNow()));
        clock.Advance(TimeSpan.FromHours(4));
        Assert.InRange(log.Count(2304), 1, 3);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Files_RenewedAsCertbotDoes_ArePickedUp(bool bySymbolicLink)
    {
        var archive = directory.CreateSubdirectory("archive");
        var live = directory.CreateSubdirectory("live");
        var (certificate, key) = (Path.Combine(live.FullName, "fullchain.pem"), Path.Combine(live.FullName, "privkey.pem"));
        var first = Put(1);
        var store = Started();
        Assert.True(store.UseFiles(certificate, key, Caller.System).Succeeded);
        Assert.Equal(first, store.Current!.Leaf.Thumbprint);

        var second = Put(2);
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(second, store.Current.Leaf.Thumbprint);
        Assert.Empty(store.State.Trouble);

        string Put(int number)
        {
            var (pem, keyPem, leaf) = Foreign("pbx.example.com", 90);
            Place(certificate, $"fullchain{number}.pem", pem);
            Place(key, $"privkey{number}.pem", keyPem);
            return leaf.Thumbprint;
        }

        void Place(string at, string name, byte[] content)
        {
            if (!bySymbolicLink)
            {
                File.WriteAllBytes(at, content);
                return;
            }
            File.WriteAllBytes(Path.Combine(archive.FullName, name), content);
            File.CreateSymbolicLink(at + ".new", $"../archive/{name}");
            File.Move(at + ".new", at, overwrite: true);
        }
    }

    [Fact]
    public void Files_HalfRenewedOrGone_WhatServedGoesOnAndPeopleAreTold()
    {
        var (certificate, key) = (Path.Combine(directory.FullName, "c.pem"), Path.Combine(directory.FullName, "k.pem"));
        var (pem, keyPem, first) = Foreign("pbx.example.com", 90);
        File.WriteAllBytes(certificate, pem);
        File.WriteAllBytes(key, keyPem);
        var store = Started();
        store.UseFiles(certificate, key, Caller.System);
        var (newPem, newKey, second) = Foreign("pbx.example.com", 90);

        File.WriteAllBytes(certificate, newPem);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(first.Thumbprint, store.Current!.Leaf.Thumbprint);
        Assert.Equal("certificate-key-mismatch", Assert.Single(store.State.Trouble).Code);
        Assert.Equal(CertificateAlert.Unusable, store.State.AlertAt(clock.GetUtcNow()));
        File.WriteAllBytes(key, newKey);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(second.Thumbprint, store.Current.Leaf.Thumbprint);

        File.Delete(key);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(second.Thumbprint, store.Current.Leaf.Thumbprint);
        Assert.Equal("certificate-file-unreadable", Assert.Single(store.State.Trouble).Code);
        Assert.Equal(CertificateOrigin.Own, Started().Current!.Origin);
    }

    [Fact]
    public void Authority_WhoseKeyCannotBeReadAnyMore_IsSetAsideAndReplaced()
    {
        var before = Started().State.Root;
        Directory.Delete(Path.Combine(directory.FullName, "keys"), recursive: true);
        var after = Started().State.Root;
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
        Assert.True(File.Exists(Path.Combine(directory.FullName, "certificates", "authority.json.unreadable")));
        Assert.Equal(1, log.Count(2305));
    }

    private CertificateStore Started(params string[] bootNames)
    {
        var store = StoreIn(directory.FullName, bootNames, clock, log, () => ownNames);
        store.Start();
        return store;
    }

    private static CertificateStore StoreIn(string path, string[] bootNames, FakeClock clock, Lines log, Func<IReadOnlyList<string>> ownNames) =>
        new(new CertificateFolder(new DataDirectory(path), DataProtectionProvider.Create(new DirectoryInfo(Path.Combine(path, "keys")))), bootNames, clock, log, ownNames);

    private (byte[] Pem, byte[] Key, X509Certificate2 Leaf) Foreign(string name, int days)
    {
        var root = Company.Value;
        var leaf = PrivateAuthority.Issue(root, [name], clock.GetUtcNow() + TimeSpan.FromDays(days) - PrivateAuthority.ServerLifetime);
        return (Encoding.ASCII.GetBytes(leaf.ExportCertificatePem() + "\n" + root.ExportCertificatePem()),
            Encoding.ASCII.GetBytes(leaf.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()), leaf);
    }

    private sealed class Lines : ILogger<CertificateStore>
    {
        private readonly List<(int Id, string Text)> lines = [];

        public int Count(int id) => lines.Count(line => line.Id == id);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add((eventId.Id, formatter(state, exception)));

        public override string ToString() => string.Join('\n', lines);
    }
}
