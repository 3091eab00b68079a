using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pbx.Core.Certificates;
using Pbx.Core.Common;

namespace Pbx.Core.Tests.Certificates;

public sealed class CertificateReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly X509Certificate2 Authority = PrivateAuthority.Create("Test authority", Now);
    private static readonly X509Certificate2 Leaf = PrivateAuthority.Issue(Authority, ["pbx.example.com", "192.0.2.7"], Now);

    [Fact]
    public void Authority_Made_IsAnRsaRootThatOldPhonesCanCount()
    {
        Assert.Equal(2048, Authority.GetRSAPublicKey()!.KeySize);
        Assert.True(Authority.NotAfter.ToUniversalTime() < new DateTime(2038, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        var late = PrivateAuthority.Create("Later", new DateTimeOffset(2035, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(new DateTime(2038, 1, 1, 0, 0, 0, DateTimeKind.Utc), late.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void Leaf_Issued_IsVerifiedByItsRootAndByNoOther()
    {
        Assert.True(Verifies(Leaf, Authority));
        Assert.False(Verifies(Leaf, PrivateAuthority.Create("Test authority", Now)));
        var served = new ServerCertificate(Leaf, [], CertificateOrigin.Own);
        Assert.True(served.Proves("pbx.example.com"));
        Assert.True(served.Proves("192.0.2.7"));
        Assert.False(served.Proves("other.example.com"));
        Assert.Equal(["pbx.example.com", "192.0.2.7"], served.Names);
    }

    [Fact]
    public void Leaf_AuthorityEndsSooner_NeverOutlivesIt()
    {
        var late = Now + PrivateAuthority.AuthorityLifetime - TimeSpan.FromDays(10);
        Assert.Equal(Authority.NotAfter, PrivateAuthority.Issue(Authority, ["a"], late).NotAfter);
    }

    public static TheoryData<string> Forms => ["pem", "pem-two-files", "pem-pkcs1", "pem-encrypted", "pfx"];

    [Theory, MemberData(nameof(Forms))]
    public void Certificate_InAnyForm_IsReadWithKeyAndChain(string form)
    {
        var read = form switch
        {
            "pem" => Read(Pem(Leaf, Authority) + Key(Leaf)),
            "pem-two-files" => Read(Pem(Leaf, Authority), Key(Leaf)),
            "pem-pkcs1" => Read(Leaf.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem() + "\n" + Pem(Authority, Leaf)),
            "pem-encrypted" => Read(Pem(Leaf, Authority), EncryptedKey("open sesame"), "open sesame"),
            _ => Read(Pfx("open sesame"), "open sesame"),
        };

        Assert.Empty(read.Errors.Select(e => e.Message));
        Assert.Equal(Leaf.Thumbprint, read.Value.Leaf.Thumbprint);
        Assert.True(read.Value.Leaf.HasPrivateKey);
        Assert.Equal(Authority.Thumbprint, Assert.Single(read.Value.Chain).Thumbprint);
        Assert.Empty(CertificateCheck.Findings(read.Value, ["pbx.example.com"], Now).Select(f => f.Message));
    }

    [Fact]
    public void Certificate_OfAnEllipticCurve_IsRead()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=curve", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now.AddDays(1));
        Assert.Empty(Read(certificate.ExportCertificatePem() + "\n" + key.ExportECPrivateKeyPem()).Errors);
    }

    [Fact]
    public void Certificate_Unusable_SaysWhy()
    {
        Assert.Equal("certificate-unreadable", Code(Read("hello")));
        Assert.Equal("certificate-unreadable", Code(Read("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + Key(Leaf))));
        Assert.Equal("certificate-key-missing", Code(Read(Pem(Leaf))));
        Assert.Equal("certificate-key-mismatch", Code(Read(Pem(Leaf), Key(Authority))));
        Assert.Equal("certificate-key-mismatch", Code(Read(Pem(Leaf), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")));
        Assert.Equal("certificate-password-wrong", Code(Read(Pem(Leaf), EncryptedKey("right"), "wrong")));
        Assert.Equal("certificate-password-wrong", Code(Read(Pem(Leaf), EncryptedKey("right"))));
        Assert.Equal("certificate-password-wrong", Code(Read(Pfx("right"), "wrong")));
    }

    [Fact]
    public void Reader_AnyBytes_NeverThrows()
    {
        var random = new Random(7);
        var good = Encoding.ASCII.GetBytes(Pem(Leaf, Authority) + Key(Leaf));
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var n = random.Next(1, 30); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            CertificateReader.Read(bytes, null, null, CertificateOrigin.Uploaded);
            random.NextBytes(bytes);
            CertificateReader.Read(bytes, null, null, CertificateOrigin.Uploaded);
        }
    }

    [Fact]
    public void Check_Certificate_FindsWhatIsWrong()
    {
        var served = Read(Pem(Leaf, Authority) + Key(Leaf)).Value;
        Assert.Equal("certificate-expired", Assert.Single(CertificateCheck.Findings(served, [], Now.AddYears(2))).Code);
        Assert.Equal("certificate-not-yet-valid", Assert.Single(CertificateCheck.Findings(served, [], Now.AddDays(-3))).Code);
        Assert.Equal("certificate-name-missing", Assert.Single(CertificateCheck.Findings(served, ["pbx.example.com", "other.example.com"], Now)).Code);
        Assert.Equal("certificate-chain-incomplete", Assert.Single(CertificateCheck.Findings(Read(Pem(Leaf) + Key(Leaf)).Value, [], Now)).Code);
        using var weak = RSA.Create(1024);
        var small = new CertificateRequest("CN=weak", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Now, Now.AddDays(1));
        Assert.Equal("certificate-weak", Assert.Single(CertificateCheck.Findings(new ServerCertificate(small, [], CertificateOrigin.Uploaded), [], Now)).Code);
        var request = new CertificateRequest("CN=client", Leaf.GetRSAPrivateKey()!, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var client = new ServerCertificate(request.CreateSelfSigned(Now, Now.AddDays(1)), [], CertificateOrigin.Uploaded);
        Assert.Equal("certificate-not-for-servers", Assert.Single(CertificateCheck.Findings(client, [], Now)).Code);
    }

    private static string? Code(Result<ServerCertificate> read) => Assert.Single(read.Errors).Code;

    private static Result<ServerCertificate> Read(string content, string? key = null, string? password = null) => CertificateReader.Read(
        Encoding.ASCII.GetBytes(content), key is null ? null : Encoding.ASCII.GetBytes(key), password is null ? null : new Secret(password), CertificateOrigin.Uploaded);

    private static Result<ServerCertificate> Read(byte[] content, string password) =>
        CertificateReader.Read(content, null, new Secret(password), CertificateOrigin.Uploaded);

    private static string Pem(params X509Certificate2[] certificates) => string.Join('\n', certificates.Select(c => c.ExportCertificatePem())) + "\n";

    private static string Key(X509Certificate2 certificate) => certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";

    private static string EncryptedKey(string password) => Leaf.GetRSAPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
        password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

    private static byte[] Pfx(string password) => new X509Certificate2Collection { Leaf, X509CertificateLoader.LoadCertificate(Authority.RawData) }.Export(X509ContentType.Pkcs12, password)!;

    private static bool Verifies(X509Certificate2 leaf, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.UtcDateTime;
        return chain.Build(leaf);
    }
}
