using System.Net;
using Org.BouncyCastle.Tls;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Testing.Fuzz;

namespace Pbx.Sip.Tests.Fuzz;

/// <summary>
/// DTLS records that nobody should send, from a seed: as greetings, between the true records of handshakes, and after them. Nothing throws, no handshake
/// lasts longer than it may, and the next one works. For long runs see <see cref="FuzzSettings"/>.
/// </summary>
public sealed class DtlsFuzzTests(ITestOutputHelper output)
{
    /// <summary>A record that is taken for a true one can keep a handshake until its time is up, so these take seconds, not microseconds.</summary>
    private const int MostBetween = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Greetings_ThatAreHostile_AreNeverTaken_AndAnsweredBriefly()
    {
        var (seed, inputs) = (FuzzSettings.Seed, FuzzSettings.Inputs(100_000));
        using var house = new House(seed);
        house.Shake(nonsense: 0);
        var mutator = new Mutator(new Random(seed), house.Corpus);
        var answers = new Answers();
        var stranger = PeerAddress.From(IPEndPoint.Parse("198.51.100.7:40000"));
        for (var i = 0; i < inputs; i++)
        {
            var input = mutator.Next();
            try
            {
                Assert.Null(house.Server.Verify(input, stranger, answers));
            }
            catch (Exception exception)
            {
                Assert.Fail($"PBX_SEED={seed}, greeting {i}: {exception}\n{Convert.ToHexString(input)}");
            }
        }
        Assert.True(answers.Count > 0, "hardly any is a greeting: the verifier was not tried");
        Assert.InRange(answers.Longest, 1, 100);
        output.WriteLine($"{inputs} greetings from seed {seed}, {answers.Count} of them answered");
    }

    [Fact]
    public void Records_ThatAreHostile_BetweenTheTrueOnes_EndAHandshakeAtWorst()
    {
        var (seed, inputs) = (FuzzSettings.Seed, Math.Min(FuzzSettings.Inputs(300), MostBetween));
        using var house = new House(seed, seconds: 1);
        Assert.True(house.ShakeCleanly());
        var (handshakes, completed) = (0, 0);
        while (house.Injected < inputs)
        {
            handshakes++;
            if (house.Shake(nonsense: 3)) completed++;
        }
        Assert.True(house.ShakeCleanly(), $"PBX_SEED={seed}: after {handshakes} handshakes none works any more");
        Assert.Empty(house.Faults);
        output.WriteLine($"{house.Injected} records in {handshakes} handshakes from seed {seed}, {completed} of them completed");
    }

    [Fact]
    public void Records_ThatAreHostile_AfterAHandshake_LeaveTheKeysAlone()
    {
        var (seed, inputs) = (FuzzSettings.Seed, FuzzSettings.Inputs(3_000));
        using var house = new House(seed);
        house.Shake(nonsense: 0);
        var mutator = new Mutator(new Random(seed), house.Corpus);
        for (var i = 0; i < inputs; i++)
        {
            // What ends it, such as an alert, ends the looking only: a new one is made to go on with.
            if (i % 1000 == 0) Assert.True(house.Shake(nonsense: 0));
            var (association, keys) = (house.Established, house.Established.Keys);
            var input = mutator.Next();
            try
            {
                association.Take(input);
                if (association.BeginPump()) association.Pump();
            }
            catch (Exception exception)
            {
                Assert.Fail($"PBX_SEED={seed}, record {i}: {exception}\n{Convert.ToHexString(input)}");
            }
            Assert.Equal(keys, association.Keys);
        }
        Assert.Empty(house.Faults);
    }

    /// <summary>Two ends in memory, with somebody between them.</summary>
    private sealed class House : IDisposable
    {
        private static readonly PeerAddress ClientAddress = PeerAddress.From(IPEndPoint.Parse("192.0.2.1:4000"));
        private static readonly PeerAddress ServerAddress = PeerAddress.From(IPEndPoint.Parse("192.0.2.2:4000"));

        private readonly Random random;
        private readonly DtlsCertificate certificate = DtlsCertificate.Create(TimeProvider.System);
        private readonly List<Exception> faults = [];
        private readonly DtlsRoom client;

        public House(int seed, int seconds = 20) => (random, client, Server) = (new Random(seed), Room(seconds), Room(seconds));

        public DtlsRoom Server { get; }

        /// <summary>The records of the first handshake, both ways.</summary>
        public List<byte[]> Corpus { get; } = [];

        /// <summary>What a thread of the rooms survived.</summary>
        public IReadOnlyList<Exception> Faults
        {
            get
            {
                lock (faults) return [.. faults];
            }
        }

        public int Injected { get; private set; }

        /// <summary>The server's end of the last handshake that was completed.</summary>
        public DtlsAssociation Established { get; private set; } = null!;

        /// <summary>One handshake, with up to so many hostile records before each true one; true when both ends have keys.</summary>
        public bool Shake(int nonsense)
        {
            var records = Corpus.Count == 0;
            var mutator = records ? null : new Mutator(random, Corpus);
            var wire = new Wire(this, mutator, nonsense, records);
            var both = wire.Run();
            if (both) Established = wire.Theirs!;
            return both;
        }

        /// <summary>One without anybody between; on a busy machine one may take too long, but not ten.</summary>
        public bool ShakeCleanly() => Enumerable.Range(0, 10).Any(_ => Shake(nonsense: 0));

        public void Dispose()
        {
            client.Dispose();
            Server.Dispose();
        }

        // Both ends show the same one.
        private DtlsRoom Room(int seconds) => new(2, TimeSpan.FromSeconds(seconds), certificate, fault =>
        {
            lock (faults) faults.Add(fault);
        });

        /// <summary>The way between the ends of one handshake; each end calls from its own thread.</summary>
        private sealed class Wire(House house, Mutator? mutator, int nonsense, bool records) : DatagramSender
        {
            private readonly Lock gate = new();
            private DtlsAssociation? ours;
            private volatile bool isOver;

            public DtlsAssociation? Theirs { get; private set; }

            public bool Run()
            {
                lock (gate) ours = house.client.Begin(ServerAddress, [house.certificate.Fingerprint], null, FromClient, Done);
                Assert.NotNull(ours);
                Assert.True(SpinWait.SpinUntil(() => isOver, Patience), "A handshake hangs.");
                return ours.Keys is not null && Theirs is { Keys: not null };
            }

            int DatagramSender.GetSendLimit() => 1500;

            void DatagramSender.Send(byte[] buf, int off, int len) => FromServer(buf.AsSpan(off, len).ToArray());

            void DatagramSender.Send(ReadOnlySpan<byte> buffer) => FromServer(buffer.ToArray());

            private void FromClient(byte[] datagram)
            {
                lock (gate)
                {
                    if (records) house.Corpus.Add(datagram);
                    foreach (var hostile in Nonsense()) ToServer(hostile);
                    ToServer(datagram);
                }
            }

            private void ToServer(byte[] datagram)
            {
                if (Theirs is { } known) known.Take(datagram);
                else if (house.Server.Verify(datagram, ClientAddress, this) is { } request)
                    Theirs = house.Server.Begin(ClientAddress, [house.certificate.Fingerprint], request, FromServer, Done);
            }

            private void FromServer(byte[] datagram)
            {
                lock (gate)
                {
                    if (records) house.Corpus.Add(datagram);
                    foreach (var hostile in Nonsense()) ours!.Take(hostile);
                    ours!.Take(datagram);
                }
            }

            private IEnumerable<byte[]> Nonsense()
            {
                if (mutator is null) yield break;
                for (var count = house.random.Next(nonsense + 1); count > 0; count--)
                {
                    house.Injected++;
                    yield return mutator.Next();
                }
            }

            // When one end has failed, the other would only wait for its time to be up.
            private void Done(DtlsAssociation done)
            {
                lock (gate)
                {
                    var other = done == ours ? Theirs : ours;
                    if (done.Keys is null) other?.Abort();
                    if (other is null || other.IsOver) isOver = true;
                }
            }
        }
    }

    private sealed class Answers : DatagramSender
    {
        public int Count { get; private set; }

        public int Longest { get; private set; }

        public int GetSendLimit() => 1500;

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => (Count, Longest) = (Count + 1, Math.Max(Longest, buffer.Length));
    }
}
