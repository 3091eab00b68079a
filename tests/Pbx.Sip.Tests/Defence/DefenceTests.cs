using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Sip.Defence;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Messages;
using Pbx.Sip.Network;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Tests.Engine;
using Pbx.Sip.Transport;
using TheRegistrar = Pbx.Sip.Engine.Registrar.Registrar;

namespace Pbx.Sip.Tests.Defence;

/// <summary>Strangers, guessers and phones at the real front door, gate and registrar, on a network in memory.</summary>
public sealed class DefenceTests : IDisposable
{
    private readonly LoopbackWorld world = new();
    private readonly FakeConfiguration configuration;
    private readonly DefenceHouse house;
    private readonly TheRegistrar registrar;
    private readonly SipStack stack;
    private readonly RecordingRoom invites = new(SipMethods.Invite, SipMethods.Subscribe);

    public DefenceTests()
    {
        configuration = new FakeConfiguration(PbxSnapshot.Empty.With(Person("100", DigestAlgorithms.Md5)).With(Person("101", DigestAlgorithms.Md5)));
        house = new DefenceHouse(configuration, world.Clock);
        world.Gate = house.Gate;
        var options = new RegistrarOptions();
        registrar = new TheRegistrar(configuration, house.Steady, options, NullLogger<TheRegistrar>.Instance);
        (stack, _) = world.Join("10.0.0.1", 1, new RegisterRoom(registrar, house.Authenticator, house.Refused, configuration, house.Steady), invites);
        registrar.Start();
    }

    public void Dispose()
    {
        registrar.Dispose();
        world.Dispose();
    }

    private static Extension Person(string number, DigestAlgorithms algorithms) => new()
    {
        Key = "e" + number, Number = number, Name = "Person", Site = "main", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "desk", UserName = number, Password = new Secret("pw" + number), Digest = algorithms }],
    };

    private Stranger At(string address) => new(world, address);

    private long Counter(string name) => stack.Counters.Read()[name];

    [Theory, InlineData("REGISTER"), InlineData("INVITE"), InlineData("SUBSCRIBE")]
    public void Stranger_AsksAnything_IsChallengedOnceAndNothingIsKept(string method)
    {
        var stranger = At("198.51.100.7");
        var question = stranger.Request(method).Build();

        var answers = stranger.AskAll(question.Bytes);
        world.Advance(TimeSpan.FromSeconds(40));

        var answer = Assert.Single(answers);
        Assert.Equal(401, answer.Status);
        Assert.InRange(answer.Bytes.Length, 1, 3 * question.Bytes.Length);
        Assert.Equal(0, Counter("transactions"));
        Assert.Equal(0, Counter("timers"));
        Assert.Empty(invites.Requests);
        var ack = stranger.Request(SipMethods.Ack).Build().ToString().Replace("To: <sip:100@pbx.example>", $"To: {answer.Header(HeaderId.To)}", StringComparison.Ordinal);
        Assert.Empty(stranger.AskAll(ack));
    }

    /// <summary>RFC 3261 section 22.1: nobody can answer a challenge of these two.</summary>
    [Theory, InlineData("ACK"), InlineData("CANCEL")]
    public void AckAndCancel_OfAStranger_AreNeverChallenged_WhateverCredentialsTheyBring(string method)
    {
        var stranger = At("198.51.100.7");
        var challenge = stranger.Ask(stranger.Request(SipMethods.Invite))!;
        var wrong = Stranger.Answer(challenge, "100", "wrong", stranger.Request(method));
        SipRequestBuilder[] questions = [stranger.Request(method), wrong, stranger.Request(method).Add(HeaderId.Authorization, "Digest username=\"100\"")];

        var answers = questions.SelectMany(question => stranger.AskAll(question.Build().Bytes)).ToList();
        world.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(method == SipMethods.Ack ? [] : [481, 481, 481], answers.Select(answer => answer.Status));
        Assert.Equal(0, Counter("transactions"));
        Assert.Empty(invites.Requests);
    }

    [Fact]
    public void Cancel_OfACallThatWasLetIn_NeedsNoCredentials()
    {
        invites.OnRequest = transaction => transaction.Respond(SipResponseBuilder.For(transaction.Request, 180, transaction.LocalTag).Build());
        var phone = At("198.51.100.7");
        var invite = Stranger.Answer(phone.Ask(phone.Request(SipMethods.Invite))!, "100", "pw100", phone.Request(SipMethods.Invite)).Build();
        Assert.Contains(phone.AskAll(invite.Bytes), answer => answer.Status == 180);

        var cancel = SipRequestBuilder.CancelOf(invite).Build();
        Assert.False(cancel.Has(HeaderId.Authorization));
        Assert.Equal([200, 487], phone.AskAll(cancel.Bytes).Select(answer => answer.Status).Order());
    }

    [Fact]
    public void Answer_OfAnyQuestion_IsNeverLargerThanThreeTimesTheQuestion()
    {
        var stranger = At("198.51.100.7");
        configuration.Publish(configuration.Current.With(Person("102", DigestAlgorithms.Md5 | DigestAlgorithms.Sha256)));
        string[] questions =
        [
            "REGISTER sip:a SIP/2.0\r\nv:SIP/2.0/UDP a\r\nf:<sip:a@a>;tag=1\r\nt:<sip:a@a>\r\ni:1\r\nCSeq:1 REGISTER\r\n\r\n",
            "OPTIONS sip:a SIP/2.0\r\nv:SIP/2.0/UDP a\r\nf:<sip:a@a>;tag=1\r\nt:<sip:a@a>\r\ni:1\r\nCSeq:1 OPTIONS\r\n\r\n",
            "FOO sip:a SIP/2.0\r\nv:SIP/2.0/UDP a\r\nf:<sip:a@a>;tag=1\r\nt:<sip:a@a>\r\ni:1\r\nCSeq:1 FOO\r\n\r\n",
            "BYE sip:a SIP/2.0\r\nv:SIP/2.0/UDP a\r\nf:<sip:a@a>;tag=1\r\nt:<sip:a@a>;tag=2\r\ni:1\r\nCSeq:1 BYE\r\n\r\n",
            "A b SIP/2.0\r\nv:SIP/2.0/UDP a\r\n\r\n",
            "REGISTER sip:a SIP/2.0\r\nv:x\r\n\r\n",
        ];
        foreach (var question in questions)
        {
            var answers = stranger.AskAll(question);
            Assert.True(answers.Count <= 1, question);
            Assert.All(answers, answer => Assert.InRange(answer.Bytes.Length, 1, 3 * question.Length));
        }
        Assert.Equal(0, Counter("transactions"));
    }

    [Fact]
    public void UserThatExistsAndUserThatDoesNot_GetTheSameWordsForTheSameHashes()
    {
        // What challenges offer where devices are set to different hashes: DigestPolicyTests.
        configuration.Publish(configuration.Current.With(Person("102", DigestAlgorithms.Md5)));
        invites.OnRequest = transaction => transaction.Respond(house.Authenticator.Identify(transaction).Answer!);
        var (heard, hashes) = (new List<string>(), new List<long>());
        foreach (var user in new[] { "100", "102", "999", "abc" })
        {
            var stranger = At($"198.51.100.{heard.Count + 1}");
            var text = new StringBuilder();
            var before = house.Digest.Hashes;
            foreach (var method in new[] { SipMethods.Options, SipMethods.Register, SipMethods.Invite, SipMethods.Subscribe, SipMethods.Message })
            {
                var answer = stranger.Ask(stranger.Request(method, user))!;
                text.Append(Comparable(answer, user));
                if (answer.Status != 401) continue;
                // A wrong password, and the right one for the nonce of another address.
                text.Append(Comparable(stranger.Ask(Stranger.Answer(answer, user, "wrong", stranger.Request(method, user)))!, user));
                text.Append(Comparable(stranger.Ask(Stranger.Answer(answer, user, "pw" + user, stranger.Request(method, user))
                    .Set(HeaderId.Authorization, $"Digest realm=\"pbx\", username=\"{user}\", nonce=\"AAAA\", uri=\"sip:pbx.example\", response=\"0\""))!, user));
                text.Append(Comparable(stranger.Ask(stranger.Request(method, user).Add(HeaderId.Authorization, $"Digest realm=\"pbx\", username=\"{user}\""))!, user));
            }
            heard.Add(text.ToString());
            hashes.Add(house.Digest.Hashes - before);
        }
        Assert.All(heard, text => Assert.Equal(heard[0], text));
        Assert.All(hashes, number => Assert.Equal(hashes[0], number));
        Assert.True(hashes[0] > 0);
    }

    /// <summary>An answer with all that is random or the question's own replaced by its length.</summary>
    private static string Comparable(SipResponse answer, string user)
    {
        var text = new StringBuilder();
        foreach (var line in answer.ToString().Split("\r\n"))
        {
            if (line.StartsWith("Via", StringComparison.Ordinal) || line.StartsWith("Call-ID", StringComparison.Ordinal)) continue;
            var plain = line.Replace($"sip:{user}@", "sip:USER@", StringComparison.Ordinal);
            var nonce = plain.IndexOf("nonce=\"", StringComparison.Ordinal);
            if (nonce >= 0) plain = plain[..(nonce + 7)] + $"({plain.IndexOf('"', nonce + 7) - nonce})" + plain[plain.IndexOf('"', nonce + 7)..];
            var tag = plain.StartsWith("To:", StringComparison.Ordinal) ? plain.IndexOf(";tag=", StringComparison.Ordinal) : -1;
            if (tag >= 0) plain = plain[..tag] + $";tag=({plain.Length - tag})";
            text.AppendLine(plain);
        }
        return text.ToString();
    }

    [Fact]
    public void Guesser_AfterFiveWrongAnswers_HearsNothingAndEachBanIsLonger()
    {
        var guesser = At("198.51.100.7");
        for (var i = 0; i < 5; i++) Assert.Equal(401, guesser.Guess("100", $"guess{i}"));
        Assert.Null(guesser.Guess("100", "pw100"));
        Assert.Empty(guesser.AskAll("REGISTER sip:a SIP/2.0\r\nVia: broken\r\n\r\n"));
        var ban = Assert.Single(house.Bans.Current());
        Assert.Equal(("198.51.100.7", BanCause.Guessing, 1), (ban.Address, ban.Cause, ban.Times));
        Assert.Equal(TimeSpan.FromMinutes(5), ban.Until - ban.Since);
        Assert.Contains("REGISTER sip:pbx.example", ban.Packet, StringComparison.Ordinal);
        Assert.Contains("Authorization: …", ban.Packet, StringComparison.Ordinal);
        Assert.DoesNotContain("response", ban.Packet, StringComparison.Ordinal);

        world.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++) Assert.Equal(401, guesser.Guess("101", $"guess{i}"));
        Assert.Equal(TimeSpan.FromMinutes(20), house.Bans.Current().Single().Until - house.Bans.Current().Single().Since);

        Assert.True(house.Bans.Release(Source.Of(IPAddress.Parse("198.51.100.7"))));
        Assert.Equal(200, guesser.Guess("101", "pw101"));
    }

    [Fact]
    public void Ban_GrowsToADayAndIsForgivenDayByDay()
    {
        var source = Source.Of(IPAddress.Parse("198.51.100.7"));
        List<TimeSpan> lengths = [];
        for (var i = 0; i < 7; i++)
        {
            var ban = house.Bans.Add(source, BanCause.Guessing, "", hasProved: true);
            lengths.Add(ban.Until - ban.Since);
            world.Clock.Advance(ban.Until - ban.Since);
            Assert.False(house.Bans.IsBanned(source));
        }
        Assert.Equal([5, 20, 80, 320, 1280, 1440, 1440], lengths.Select(length => length.TotalMinutes));
        world.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(3, house.Bans.Add(source, BanCause.Guessing, "", hasProved: true).Times);
    }

    [Fact]
    public void Failures_ThatDoNotCount_NeverBan()
    {
        var phone = At("198.51.100.7");
        for (var i = 0; i < 12; i++)
        {
            // Old nonces, a refusal of policy (another's number), credentials for another realm, malformed ones.
            var challenge = phone.Ask(phone.Register())!;
            world.Clock.Advance(TimeSpan.FromMinutes(6));
            Assert.Equal(401, phone.Ask(Stranger.Answer(challenge, "100", "wrong", phone.Register()))!.Status);
            phone.Ask(phone.Register().Add(HeaderId.Authorization, "Digest realm=\"other\", username=\"100\", nonce=\"n\", uri=\"sip:pbx.example\", response=\"r\""));
            phone.Ask(phone.Register().Add(HeaderId.Authorization, "Digest realm=\"pbx\", nonce=\"n\""));
            Assert.Equal(403, phone.Guess("101", "pw101", number: "100"));
        }
        Assert.Empty(house.Bans.Current());
        Assert.Equal(200, phone.Guess("100", "pw100"));
    }

    [Fact]
    public void Provider_IsNeverBannedNorChallenged()
    {
        house.Provider = IPAddress.Parse("203.0.113.5");
        var provider = At("203.0.113.5");
        invites.OnRequest = transaction => transaction.Respond(SipResponseBuilder.For(transaction.Request, 486, transaction.LocalTag).Build());
        Assert.Equal(486, provider.Ask(provider.Request(SipMethods.Invite).Add(HeaderId.UserAgent, "friendly-scanner"))!.Status);
        Assert.Empty(house.Bans.Current());
    }

    [Fact]
    public void AccountUnderAttackByAHundredStrangers_GoesOnAtItsPhoneAndTheGuessesAreFew()
    {
        var phone = At("192.0.2.10");
        Assert.Equal(200, phone.Guess("100", "pw100"));
        var attacked = new List<string>();
        house.Guesses.AccountAttacked += attacked.Add;
        var judged = 0;
        for (var i = 0; i < 100; i++)
        {
            var stranger = At($"198.51.100.{i + 1}");
            for (var guess = 0; guess < 3; guess++)
                if (stranger.Guess("100", $"guess{guess}") == 401) judged++;
            Assert.Equal(200, phone.Guess("100", "pw100"));
        }
        Assert.InRange(judged, 1, house.Options.GuessesPerAccount);
        Assert.Equal(["100"], attacked);
        // Even the right password is not tried for a stranger in that minute; in the next it is.
        var elsewhere = At("192.0.2.77");
        Assert.Equal(503, elsewhere.Guess("100", "pw100"));
        Assert.Equal(200, elsewhere.Guess("101", "pw101"));
        world.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, At("192.0.2.78").Guess("100", "pw100"));
    }

    [Fact]
    public void GuesserBehindTheRouterOfPhones_IsSlowedAndTheAddressIsNotBanned()
    {
        var site = At("192.0.2.10");
        Assert.Equal(200, site.Guess("100", "pw100"));
        var statuses = Enumerable.Range(0, 60).Select(i => site.Guess($"2{i:d2}", "guess")).ToList();
        Assert.Equal(house.Options.GuessesWhereProtected, statuses.Count(status => status == 401));
        Assert.Equal(60 - house.Options.GuessesWhereProtected, statuses.Count(status => status == 503));
        Assert.Empty(house.Bans.Current());
        Assert.Equal(200, site.Guess("100", "pw100"));
    }

    [Fact]
    public void AddressOfAnAdministrator_AndAllowedNetwork_AreNotBanned()
    {
        house.Known.AddAdministrator(Source.Of(IPAddress.Parse("192.0.2.20")));
        configuration.Publish(configuration.Current.With(configuration.Current.Settings with { NeverBanned = ["203.0.113.0/24", "192.0.2.99"] }));
        foreach (var address in new[] { "192.0.2.20", "203.0.113.200", "192.0.2.99" })
        {
            var guesser = At(address);
            for (var i = 0; i < 8; i++) guesser.Guess($"3{i:d2}", "guess");
            guesser.Ask(guesser.Register().Add(HeaderId.UserAgent, "friendly-scanner"));
        }
        Assert.Empty(house.Bans.Current());
    }

    [Theory]
    [InlineData("friendly-scanner")]
    [InlineData("sipvicious")]
    [InlineData("VaxSIPUserAgent/3.1")]
    [InlineData("pplsip")]
    public void Scanner_HearsNothingAndIsBannedForAWhile(string agent)
    {
        var scanner = At("198.51.100.7");
        Assert.Null(scanner.Ask(scanner.Request(SipMethods.Options).Add(HeaderId.UserAgent, agent)));
        Assert.Null(scanner.Ask(scanner.Request(SipMethods.Options)));
        Assert.Equal(BanCause.Scanner, Assert.Single(house.Bans.Current()).Cause);
        // Anybody can send a datagram in another's name: such a ban is short and does not grow.
        world.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.NotNull(scanner.Ask(scanner.Request(SipMethods.Options)));
        Assert.Null(scanner.Ask(scanner.Request(SipMethods.Options).Add(HeaderId.UserAgent, agent)));
        Assert.Equal(1, house.Bans.Current().Single().Times);
    }

    [Fact]
    public void AMillionAddresses_FillNoTableAndPushNobodyOut()
    {
        var phone = At("192.0.2.10");
        Assert.Equal(200, phone.Guess("100", "pw100"));
        house.Bans.Add(Source.Of(IPAddress.Parse("198.51.100.7")), BanCause.Guessing, "", hasProved: true);
        var probe = phone.Request(SipMethods.Register).Build();
        var scan = phone.Request(SipMethods.Register).Add(HeaderId.UserAgent, "sipcli").Build();
        var bytes = new byte[4];
        for (var i = 0; i < 1_000_000; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, 0x0B000000 + i);
            var flow = new Flow(SipTransport.Udp, new IPEndPoint(new IPAddress(bytes), 5060), IPEndPoint.Parse("10.0.0.1:5060"));
            if (house.Gate.Judge((i & 1) == 0 ? probe : scan, flow) == Welcome.Enter) Assert.Fail("A stranger was let in.");
            if (i % 10 == 0) house.Guesses.Wrong($"user{i}", scan, flow);
        }
        Assert.InRange(house.Bans.Held, 1, 2 * house.Options.TableSize);
        Assert.InRange(house.Guesses.Watched, 1, house.Options.TableSize);
        Assert.Equal(1, house.Known.Count);
        Assert.True(house.Bans.IsBanned(Source.Of(IPAddress.Parse("198.51.100.7"))));
        Assert.True(house.Known.Knows("100", Source.Of(IPAddress.Parse("192.0.2.10"))));
        Assert.Equal(200, phone.Guess("100", "pw100"));
    }

    [Fact]
    public void Bans_AndKnownAddresses_SurviveARestart()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.Delete(file);
            var options = new DefenceOptions { File = file };
            var (bans, known) = (new BanList(options, house.Steady), new KnownAddresses(options, house.Steady));
            using (new DefenceFile(options, bans, known, world.Clock, NullLogger<DefenceFile>.Instance))
            {
                bans.Add(Source.Of(IPAddress.Parse("198.51.100.7")), BanCause.Guessing, "REGISTER", hasProved: true);
                bans.Add(Source.Of(IPAddress.Parse("2001:db8:1:2::99")), BanCause.Guessing, "REGISTER", hasProved: true);
                known.Add("100", Source.Of(IPAddress.Parse("192.0.2.10")));
                world.Clock.Advance(TimeSpan.FromSeconds(6));
            }
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var (bansAfter, knownAfter) = (new BanList(options, house.Steady), new KnownAddresses(options, house.Steady));
            using var again = new DefenceFile(options, bansAfter, knownAfter, world.Clock, NullLogger<DefenceFile>.Instance);
            Assert.Equal(bans.Current(), bansAfter.Current());
            Assert.True(bansAfter.IsBanned(Source.Of(IPAddress.Parse("2001:db8:1:2::1"))));
            Assert.True(knownAfter.IsHome(Source.Of(IPAddress.Parse("192.0.2.10"))));
            File.WriteAllText(file, "{ broken");
            using var broken = new DefenceFile(options, new BanList(options, house.Steady), known, world.Clock, NullLogger<DefenceFile>.Instance);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Transactions_AtTheirLimit_NewOnesAreTurnedAwayAndCallsGoOn()
    {
        var crowded = new LoopbackWorld { Limits = new ShardLimits(Transactions: 100) };
        using var ending = crowded;
        var room = new RecordingRoom(SipMethods.Invite);
        var (full, _) = crowded.Join("10.0.0.1", 1, room);
        var peer = new Stranger(crowded, "10.0.0.9");
        var statuses = Enumerable.Range(0, 150).Select(_ => peer.AskAll(peer.Request(SipMethods.Options).Build().Bytes).Single().Status).ToList();
        Assert.Equal(100, statuses.Count(status => status == 200));
        Assert.Equal(50, statuses.Count(status => status == 503));
        var bye = peer.Request(SipMethods.Bye).Build().ToString().Replace("To: <sip:100@pbx.example>", "To: <sip:100@pbx.example>;tag=p00aaaaaaaaaaaaaaaaaaaaaaaa", StringComparison.Ordinal);
        Assert.Equal(481, peer.AskAll(bye).Single().Status);
    }
}
