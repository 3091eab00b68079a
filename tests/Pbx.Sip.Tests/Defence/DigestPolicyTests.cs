using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Snapshot;
using Pbx.Sip.Authentication;
using Pbx.Sip.Defence;

namespace Pbx.Sip.Tests.Defence;

/// <summary>A device is asked for the hash that it is set to; a name that does not exist cannot be told from one that does by what it is asked for.</summary>
public sealed class DigestPolicyTests
{
    private static readonly DigestAlgorithm[] Md5 = [DigestAlgorithm.Md5], Sha256 = [DigestAlgorithm.Sha256], Both = [DigestAlgorithm.Md5, DigestAlgorithm.Sha256];

    [Fact]
    public void Device_IsOfferedWhatItIsSetTo()
    {
        var policy = new DigestPolicy(new byte[32]);
        var company = Company(md5: 1, both: 1, sha256: 1);

        Assert.Equal(Md5, policy.Offered(company, "user0"));
        Assert.Equal(Both, policy.Offered(company, "user1"));
        Assert.Equal(Sha256, policy.Offered(company, "user2"));
        // By the number, as a registration's From has it, for all devices of the extension.
        Assert.Equal(Sha256, policy.Offered(company, "102"));
    }

    [Fact]
    public void NamesThatDoNotExist_AreOfferedTheSameEachTime_InTheProportionsOfTheSystem()
    {
        var company = Company(md5: 7, both: 0, sha256: 3);
        var (policy, again, other) = (new DigestPolicy(new byte[32]), new DigestPolicy(new byte[32]), new DigestPolicy([.. Enumerable.Repeat((byte)1, 32)]));
        string[] names = [.. Enumerable.Range(0, 10_000).Select(i => $"nobody{i}")];

        var offered = names.Select(name => policy.Offered(company, name)).ToList();

        Assert.InRange(offered.Count(algorithms => algorithms.SequenceEqual(Sha256)), 2_800, 3_200);
        Assert.InRange(offered.Count(algorithms => algorithms.SequenceEqual(Md5)), 6_800, 7_200);
        Assert.Equal(offered, names.Select(name => again.Offered(company, name)));
        Assert.NotEqual(offered, names.Select(name => other.Offered(company, name)));
    }

    [Fact]
    public void SystemWithoutDevices_OffersMd5() =>
        Assert.Equal(Md5, new DigestPolicy(new byte[32]).Offered(PbxSnapshot.Empty, "101"));

    private static PbxSnapshot Company(int md5, int both, int sha256)
    {
        DigestAlgorithms[] sets =
        [
            .. Enumerable.Repeat(DigestAlgorithms.Md5, md5), .. Enumerable.Repeat(DigestAlgorithms.Md5 | DigestAlgorithms.Sha256, both),
            .. Enumerable.Repeat(DigestAlgorithms.Sha256, sha256),
        ];
        var snapshot = PbxSnapshot.Empty;
        for (var i = 0; i < sets.Length; i++)
        {
            snapshot = snapshot.With(new Extension
            {
                Key = $"e{i}", Number = $"{100 + i}", Name = "Person", Site = "main", Security = CallSecurity.ClearAllowed,
                Devices = [new Device { Key = "desk", UserName = $"user{i}", Password = new Secret("pw"), Digest = sets[i] }],
            });
        }
        return snapshot;
    }
}
