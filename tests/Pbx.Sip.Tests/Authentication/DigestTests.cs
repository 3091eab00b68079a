using System.Net;
using Pbx.Sip.Authentication;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Authentication;

public class DigestTests
{
    private const string Realm = "pbx";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IPEndPoint Source = new(IPAddress.Parse("192.0.2.7"), 5060);
    private readonly DigestServer server = new();
    private readonly DigestUser user = new("secret", [DigestAlgorithm.Md5, DigestAlgorithm.Sha256]);
    private uint cseq;

    private DigestUser? Find(string name) => name is "100" ? user : name is "101" ? user with { Password = "another" } : null;

    private SipRequestBuilder Register(string uri = "sip:pbx.example") =>
        SipRequestBuilder.Create(SipMethods.Register, SipUri.Parse(uri), new NameAddress(null, SipUri.Parse("sip:100@pbx.example")).WithTag("f"),
            new NameAddress(null, SipUri.Parse("sip:100@pbx.example")), "id", ++cseq).ReplaceVia(new Via("UDP", "192.0.2.7", 5060));

    private DigestCheck Check(SipRequestBuilder builder, DateTimeOffset? now = null, IPEndPoint? source = null)
    {
        var request = builder.Build();
        request.Source = source ?? Source;
        return server.Check(request, Realm, now ?? Start, Find);
    }

    private DigestClient GivenChallenged(string name = "100", string password = "secret", params DigestAlgorithm[] algorithms)
    {
        var client = new DigestClient(name, password);
        Assert.True(client.Accept(Challenge(algorithms)));
        return client;
    }

    private SipResponse Challenge(DigestAlgorithm[] algorithms, bool stale = false)
    {
        var request = Register().Build();
        request.Source = Source;
        return server.Challenge(request, "t", Realm, algorithms.Length == 0 ? [DigestAlgorithm.Md5] : algorithms, stale, Start).Build();
    }

    // The example of RFC 7616 §3.9.1.
    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Response_ExampleOfTheRfc_IsTheSame(string algorithm, string expected) =>
        Assert.Equal(expected, DigestHash.Response(DigestHash.Find(algorithm)!.Value, "Mufasa", "http-auth@example.org", "Circle of Life",
            "GET", "/dir/index.html", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"));

    // The example of RFC 2617 §3.5 without qop, as RFC 2069 has it.
    [Fact]
    public void Response_WithoutQop_IsTheOldForm() =>
        Assert.Equal("670fd8c2df070c60b045671b8b24ff02", DigestHash.Response(DigestAlgorithm.Md5, "Mufasa", "testrealm@host.com", "Circle Of Life",
            "GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093", null, null));

    [Fact]
    public void Register_ChallengedAndAnswered_IsRight()
    {
        Assert.Equal(DigestVerdict.Missing, Check(Register()).Verdict);
        var client = GivenChallenged();
        for (var i = 0; i < 3; i++)
        {
            var request = Register();
            client.Authorize(request);
            Assert.Equal(new DigestCheck(DigestVerdict.Right, "100"), Check(request));
        }
    }

    [Fact]
    public void Challenge_WithBothAlgorithms_IsAnsweredWithTheStrongest()
    {
        var response = Challenge([DigestAlgorithm.Md5, DigestAlgorithm.Sha256]);
        Assert.Equal(["SHA-256", "MD5"], response.Authentications(HeaderId.WwwAuthenticate).Select(value => value["algorithm"]));
        var request = Register();
        GivenChallenged("100", "secret", DigestAlgorithm.Md5, DigestAlgorithm.Sha256).Authorize(request);
        Assert.Equal("SHA-256", request.Build().Authentications(HeaderId.Authorization)[0]["algorithm"]);
        Assert.Equal(DigestVerdict.Right, Check(request).Verdict);
    }

    [Theory]
    [InlineData("100", "wrong")]
    [InlineData("999", "secret")]
    [InlineData("999", "no such user has this password")]
    public void Register_WrongUserOrPassword_IsWrong(string name, string password)
    {
        var request = Register();
        GivenChallenged(name, password).Authorize(request);
        Assert.Equal(new DigestCheck(DigestVerdict.Wrong, name), Check(request));
    }

    [Fact]
    public void Register_WithStaleNonce_IsStaleWhateverThePassword()
    {
        var request = Register();
        GivenChallenged().Authorize(request);
        Assert.Equal(DigestVerdict.Stale, Check(request, Start + TimeSpan.FromMinutes(6)).Verdict);
        var wrong = Register();
        GivenChallenged("100", "wrong").Authorize(wrong);
        // Or passwords could be tried with old nonces, which nobody counts.
        Assert.Equal(DigestVerdict.Stale, Check(wrong, Start + TimeSpan.FromMinutes(6)).Verdict);
    }

    [Fact]
    public void Register_FromAnotherAddress_IsStaleButFromAnotherPortRight()
    {
        var client = GivenChallenged();
        var moved = Register();
        client.Authorize(moved);
        Assert.Equal(DigestVerdict.Stale, Check(moved, source: new IPEndPoint(IPAddress.Parse("192.0.2.8"), 5060)).Verdict);
        Assert.Equal(DigestVerdict.Right, Check(moved, source: new IPEndPoint(Source.Address, 1)).Verdict);
    }

    /// <summary>Right credentials, turned in each way that a thief could use them.</summary>
    [Theory]
    [InlineData("as they are", nameof(DigestVerdict.Right))]
    [InlineData("again", nameof(DigestVerdict.Stale))]
    [InlineData("again in the old form", nameof(DigestVerdict.Stale))]
    [InlineData("again with a higher count", nameof(DigestVerdict.Wrong))]
    [InlineData("from another address", nameof(DigestVerdict.Stale))]
    [InlineData("for another URI", nameof(DigestVerdict.Malformed))]
    [InlineData("for another URI, and says so", nameof(DigestVerdict.Wrong))]
    [InlineData("for another method", nameof(DigestVerdict.Wrong))]
    [InlineData("for another realm", nameof(DigestVerdict.Missing))]
    [InlineData("for another user", nameof(DigestVerdict.Wrong))]
    [InlineData("with a nonce of another realm", nameof(DigestVerdict.Stale))]
    [InlineData("five minutes later", nameof(DigestVerdict.Stale))]
    public void Credentials_UsedOtherwise_AreRefused(string how, string verdict)
    {
        var old = how.EndsWith("old form", StringComparison.Ordinal);
        var honest = Register();
        GivenChallenged().Authorize(honest);
        var value = honest.Build().Authentications(HeaderId.Authorization)[0].ToString();
        var realm = how.EndsWith("nonce of another realm", StringComparison.Ordinal) ? "other" : Realm;
        if (old || realm != Realm) value = OldForm(realm);
        string Changed(string from, string to) => value.Replace(from, to, StringComparison.Ordinal);
        var request = how switch
        {
            "for another URI" or "for another URI, and says so" => Register("sip:elsewhere.example"),
            "for another method" => SipRequestBuilder.Create(SipMethods.Invite, SipUri.Parse("sip:pbx.example"), new NameAddress(null, SipUri.Parse("sip:100@pbx.example")).WithTag("f"),
                new NameAddress(null, SipUri.Parse("sip:100@pbx.example")), "id", ++cseq).ReplaceVia(new Via("UDP", "192.0.2.7", 5060)),
            _ => Register(),
        };
        request.Set(HeaderId.Authorization, how switch
        {
            "for another URI, and says so" => Changed("uri=\"sip:pbx.example\"", "uri=\"sip:elsewhere.example\""),
            "for another realm" => Changed($"realm=\"{Realm}\"", "realm=\"other\""),
            "for another user" => Changed("username=\"100\"", "username=\"101\""),
            "again with a higher count" => Changed("nc=00000001", "nc=00000002"),
            _ => value,
        });
        if (how.StartsWith("again", StringComparison.Ordinal)) Assert.Equal(DigestVerdict.Right, Check(Register().Set(HeaderId.Authorization, value)).Verdict);

        var judged = Check(request, how == "five minutes later" ? Start + TimeSpan.FromSeconds(301) : null,
            how == "from another address" ? new IPEndPoint(IPAddress.Parse("192.0.2.8"), 5060) : null);

        Assert.Equal(verdict, judged.Verdict.ToString());
    }

    // RFC 2069: neither count nor client nonce.
    private string OldForm(string realm)
    {
        var question = Register().Build();
        question.Source = Source;
        var nonce = server.Challenge(question, "t", realm, [DigestAlgorithm.Md5], false, Start).Build().Authentications(HeaderId.WwwAuthenticate)[0]["nonce"]!;
        var response = DigestHash.Response(DigestAlgorithm.Md5, "100", Realm, "secret", SipMethods.Register, "sip:pbx.example", nonce, null, null);
        return $"Digest username=\"100\", realm=\"{Realm}\", nonce=\"{nonce}\", uri=\"sip:pbx.example\", response=\"{response}\", algorithm=MD5";
    }

    [Fact]
    public void Register_Replayed_IsStale()
    {
        var request = Register();
        GivenChallenged().Authorize(request);
        Assert.Equal(DigestVerdict.Right, Check(request).Verdict);
        Assert.Equal(DigestVerdict.Stale, Check(request).Verdict);
    }

    [Fact]
    public void Register_DigestOfAnotherUri_IsMalformed()
    {
        var elsewhere = Register("sip:elsewhere.example");
        GivenChallenged().Authorize(elsewhere);
        var header = elsewhere.Build().Header(HeaderId.Authorization)!;
        Assert.Equal(DigestVerdict.Malformed, Check(Register().Set(HeaderId.Authorization, header)).Verdict);
        Assert.Equal(DigestVerdict.Malformed, Check(Register().Set(HeaderId.Authorization, "Digest realm=\"pbx\"")).Verdict);
        Assert.Equal(DigestVerdict.Missing, Check(Register().Set(HeaderId.Authorization, "NoOneKnowsThis x=1")).Verdict);
    }

    [Fact]
    public void Client_RefusedForTheSameNonce_GivesUp()
    {
        var client = new DigestClient("100", "wrong");
        var challenge = Challenge([]);
        Assert.True(client.Accept(challenge));
        Assert.False(client.Accept(challenge));
        Assert.True(client.Accept(Challenge([], stale: true)));
    }

    [Fact]
    public void Client_LegacyChallengeWithoutQop_IsAnsweredInTheOldForm()
    {
        var response = SipResponseBuilder.For(Register().Build(), 407, "t").Add(HeaderId.ProxyAuthenticate, "Digest realm=\"r\", nonce=\"n\", opaque=\"o\"").Build();
        var client = new DigestClient("u", "p");
        Assert.True(client.Accept(response));
        var request = Register();
        client.Authorize(request);
        var value = Assert.Single(request.Build().Authentications(HeaderId.ProxyAuthorization));
        Assert.Null(value["qop"]);
        Assert.Equal("o", value["opaque"]);
        Assert.Equal(DigestHash.Response(DigestAlgorithm.Md5, "u", "r", "p", "REGISTER", "sip:pbx.example", "n", null, null), value["response"]);
    }

    [Fact]
    public void NonceCounts_OutOfOrder_EachOnceWithinTheWindow()
    {
        var counts = new NonceCounts();
        var expires = Start.AddMinutes(5).ToUnixTimeSeconds();
        Assert.True(counts.TryUse("n", 5, expires, Start));
        Assert.True(counts.TryUse("n", 3, expires, Start));
        Assert.False(counts.TryUse("n", 3, expires, Start));
        Assert.True(counts.TryUse("n", 100, expires, Start));
        Assert.False(counts.TryUse("n", 36, expires, Start));
        Assert.True(counts.TryUse("n", 37, expires, Start));
        Assert.False(counts.TryUse("n", 0, expires, Start));
    }

    [Fact]
    public void NonceCounts_Full_ForgetsTheOldestAndNeverTakesItAgain()
    {
        var counts = new NonceCounts(capacity: 3);
        for (var i = 0; i < 10; i++)
            Assert.True(counts.TryUse($"n{i}", 1, Start.ToUnixTimeSeconds() + 100 + i, Start));
        Assert.Equal(3, counts.Count);
        Assert.False(counts.TryUse("n0", 2, Start.ToUnixTimeSeconds() + 100, Start));
        Assert.True(counts.TryUse("n9", 2, Start.ToUnixTimeSeconds() + 109, Start));
        Assert.True(counts.TryUse("later", 1, Start.ToUnixTimeSeconds() + 500, Start.AddSeconds(300)));
        Assert.Equal(1, counts.Count);
    }
}
