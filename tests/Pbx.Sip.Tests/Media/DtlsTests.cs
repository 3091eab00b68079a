using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Pbx.Sip.Media;
using Pbx.Sip.Sdp;
using Pbx.Testing.Peers;

namespace Pbx.Sip.Tests.Media;

/// <summary>Keys by DTLS, over real sockets: with OpenSSL as the far end, and what strangers can and cannot do to a handshake.</summary>
public sealed partial class DtlsTests
{
    private static readonly byte[] Frame = [.. Enumerable.Range(0, 160).Select(i => (byte)(i + 1))];

    [Theory]
    [InlineData("SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80")]
    [InlineData("SRTP_AES128_CM_SHA1_32", "AES_CM_128_HMAC_SHA1_32")]
    [InlineData("SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM")]
    [InlineData("SRTP_AEAD_AES_256_GCM", "AEAD_AES_256_GCM")]
    public async Task OpenSsl_AsClient_ExportsTheSameKeys(string profile, string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        using var theirs = new OpenSsl();
        using var ours = new DtlsPhone(theirs.Fingerprint);

        var printed = theirs.Run($"s_client -dtls1_2 -connect {ours.Address} {theirs.Certificate} -use_srtp {profile}", suite);
        var association = await ours.Shaken;

        Assert.True(association.Keys is not null, association.Failure);
        AssertSame(await printed, association.Keys.Value, suite, weAreClient: false);
    }

    [Fact]
    public async Task OpenSsl_AsServer_ExportsTheSameKeys()
    {
        using var theirs = new OpenSsl();
        using var ours = new DtlsPhone(theirs.Fingerprint);
        var port = FreePorts.Take();

        var printed = theirs.Run($"s_server -dtls1_2 -accept {port} -verify 1 {theirs.Certificate} -use_srtp SRTP_AEAD_AES_128_GCM", SrtpSuite.AesGcm128, "ACCEPT");
        await theirs.Ready;
        ours.Begin(port);
        var association = await ours.Shaken;

        Assert.True(association.Keys is not null, association.Failure);
        AssertSame(await printed, association.Keys.Value, SrtpSuite.AesGcm128, weAreClient: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leg_InEitherRole_GetsItsKeys_AndSpeaksEncrypted(bool active)
    {
        using var studio = new MediaStudio();
        using var phone = new DtlsPhone(studio.Engine.Fingerprint!);
        var (leg, _) = Open(studio, phone, phone.Fingerprint, active);
        var (clearLeg, clear, events) = studio.Connect();
        leg.BridgeWith(clearLeg);
        await MediaStudio.Settled(clearLeg, events);

        if (!active) phone.Begin(leg.Port);
        Assert.NotNull((await phone.Shaken).Keys);
        leg.BridgeWith(clearLeg);
        await phone.Packets.AtLeast(3); // silence: it has a way to us
        // What came before the phone had finished on its side.
        var unreadable = phone.Unreadable.Now.Length;
        await MediaStudio.Settled(clearLeg, events);
        leg.BridgeWith(clearLeg);
        phone.Say(leg.Port, Frame);

        await clear.Packets.Until(all => all.Any(packet => packet.Payload.AsSpan().SequenceEqual(Frame)));
        Assert.Equal(unreadable, phone.Unreadable.Now.Length);
    }

    [Fact]
    public async Task Play_BegunBeforeTheKeysAreThere_WaitsForThem_AndIsHeardWhole()
    {
        using var studio = new MediaStudio();
        using var phone = new DtlsPhone(studio.Engine.Fingerprint!);
        var (leg, events) = Open(studio, phone, phone.Fingerprint, active: false);
        leg.Play(1, MediaStudio.Prompt(800));
        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(events.Plays.Now); // 300 ms of sound, and nobody has asked for keys yet
            await Task.Delay(50);
        }

        phone.Begin(leg.Port);
        await events.Plays.AtLeast(1);

        // All 15 frames of it came after the keys; the first may have come before the phone had finished on its side.
        await phone.Packets.AtLeast(1);
        Assert.InRange(phone.Packets.Now.Length + phone.Unreadable.Now.Length, 15, 1000);
    }

    [Fact]
    public async Task Leg_AgreedOnAnew_WithTheSameCertificate_KeepsItsKeys()
    {
        using var studio = new MediaStudio();
        using var phone = new DtlsPhone(studio.Engine.Fingerprint!);
        var (leg, _) = Open(studio, phone, phone.Fingerprint, active: false);
        phone.Begin(leg.Port);
        Assert.NotNull((await phone.Shaken).Keys);
        await phone.Packets.AtLeast(3);
        // What came before the phone had finished on its side.
        var unreadable = phone.Unreadable.Now.Length;

        foreach (var direction in new[] { MediaDirection.ReceiveOnly, MediaDirection.SendReceive })
            leg.Configure(Described(phone, new SdpFingerprint(phone.Fingerprint.Hash, phone.Fingerprint.Value), active: false) with { Direction = direction });
        var before = phone.Packets.Now.Length;

        await phone.Packets.AtLeast(before + 20);
        Assert.Equal(unreadable, phone.Unreadable.Now.Length);
    }

    [Fact]
    public async Task Leg_WhosePeerShowsAnotherCertificate_StaysSilent_AndSaysSo()
    {
        using var studio = new MediaStudio(options => options with { KeysWithin = TimeSpan.FromMilliseconds(500) });
        using var phone = new DtlsPhone(studio.Engine.Fingerprint!);
        var (leg, events) = Open(studio, phone, SdpFingerprint.Of("another"u8), active: false);

        phone.Begin(leg.Port);
        await events.HandshakeFailures.AtLeast(1);
        await events.MissingKeys.AtLeast(2);

        Assert.Empty(phone.Packets.Now);
        Assert.Empty(phone.Unreadable.Now);
    }

    [Fact]
    public async Task Leg_ThatAThousandStrangersGreet_StillTakesItsPeersHandshake()
    {
        using var studio = new MediaStudio();
        using var phone = new DtlsPhone(studio.Engine.Fingerprint!);
        using var stranger = new DtlsPhone(studio.Engine.Fingerprint!, "127.0.0.9");
        using var neighbour = new DtlsPhone(studio.Engine.Fingerprint!); // the same host, as behind the same router
        var (leg, _) = Open(studio, phone, phone.Fingerprint, active: false);

        stranger.Begin(leg.Port);
        neighbour.Begin(leg.Port);
        var hello = await FirstHello(studio);
        for (var i = 0; i < 1000; i++) stranger.Send(leg.Port, hello);
        phone.Begin(leg.Port);

        Assert.NotNull((await phone.Shaken).Keys);
        await phone.Packets.AtLeast(10);
        Assert.Empty(stranger.Unreadable.Now);
        Assert.Empty(neighbour.Unreadable.Now);
        Assert.False(stranger.Shaken.IsCompletedSuccessfully && (await stranger.Shaken).Keys is not null);
    }

    [Fact]
    public async Task Leg_GivenGarbageByItsOwnPeer_DuringAndAfterTheHandshake_GoesOn()
    {
        using var studio = new MediaStudio();
        using var phone = new DtlsPhone(studio.Engine.Fingerprint!);
        var (leg, _) = Open(studio, phone, phone.Fingerprint, active: false);
        var random = new Random(5);

        phone.Begin(leg.Port);
        for (var i = 0; i < 200; i++) phone.Send(leg.Port, Garbage(random));
        Assert.NotNull((await phone.Shaken).Keys);
        for (var i = 0; i < 1000; i++) phone.Send(leg.Port, Garbage(random));
        var before = phone.Packets.Now.Length;

        await phone.Packets.AtLeast(before + 10);
    }

    private static byte[] Garbage(Random random)
    {
        var datagram = new byte[random.Next(1, 400)];
        random.NextBytes(datagram);
        datagram[0] = (byte)random.Next(20, 64);
        return datagram;
    }

    private static (MediaLeg Leg, Listener Events) Open(MediaStudio studio, DtlsPhone phone, SdpFingerprint fingerprint, bool active)
    {
        var events = new Listener();
        var leg = studio.Engine.Open(studio.Call, new Pbx.Core.CallFlow.LegId(99), events)!;
        leg.Configure(Described(phone, fingerprint, active));
        return (leg, events);
    }

    private static NegotiatedMedia Described(DtlsPhone phone, SdpFingerprint fingerprint, bool active) => new()
    {
        Remote = phone.Address, Codecs = [new NegotiatedCodec("PCMA", 8, 8000)], Keying = new MediaKeying.Dtls(active, [fingerprint]),
    };

    // The first flight of a client that nobody answers.
    private static async Task<byte[]> FirstHello(MediaStudio studio)
    {
        using var client = new DtlsPhone(studio.Engine.Fingerprint!);
        using var listener = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        client.Begin(((IPEndPoint)listener.Client.LocalEndPoint!).Port);
        return (await listener.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(20))).Buffer;
    }

    // OpenSSL prints what it exports: client's key, server's key, client's salt, server's salt.
    private static void AssertSame(string exported, (SrtpKey Ours, SrtpKey Theirs) keys, SrtpSuite suite, bool weAreClient)
    {
        var (client, server) = weAreClient ? (keys.Ours, keys.Theirs) : (keys.Theirs, keys.Ours);
        Assert.Equal(suite, client.Suite);
        Assert.Equal(exported, Convert.ToHexString([.. client.Key, .. server.Key, .. client.Salt, .. server.Salt]));
    }

    /// <summary>OpenSSL's command with a certificate of its own.</summary>
    private sealed partial class OpenSsl : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("openssl").FullName;
        private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Process? running;

        public OpenSsl()
        {
            using var made = Process.Start(new ProcessStartInfo("openssl",
                $"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=phone -days 30 -keyout {folder}/key.pem -out {folder}/cert.pem")
                { RedirectStandardError = true })!;
            made.StandardError.ReadToEnd();
            made.WaitForExit();
            using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile($"{folder}/cert.pem");
            Fingerprint = SdpFingerprint.Of(certificate.RawData);
        }

        public SdpFingerprint Fingerprint { get; }

        public string Certificate => $"-cert {folder}/cert.pem -key {folder}/key.pem";

        public Task Ready => ready.Task.WaitAsync(TimeSpan.FromSeconds(20));

        /// <summary>Runs it until it has printed the keying material.</summary>
        public async Task<string> Run(string arguments, SrtpSuite suite, string? announces = null)
        {
            var length = 2 * (suite.KeyLength() + suite.SaltLength());
            running = Process.Start(new ProcessStartInfo("openssl", $"{arguments} -keymatexport EXTRACTOR-dtls_srtp -keymatexportlen {length}")
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            running.ErrorDataReceived += static (_, _) => { };
            running.BeginErrorReadLine();
            List<string> printed = [];
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            while (await running.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                printed.Add(line);
                if (line == announces) ready.TrySetResult();
                if (Material().Match(line) is { Success: true } match) return match.Groups[1].Value;
            }
            throw new InvalidOperationException(string.Join('\n', printed));
        }

        public void Dispose()
        {
            if (running is { HasExited: false }) running.Kill();
            running?.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        [GeneratedRegex("Keying material: ([0-9A-F]+)")]
        private static partial Regex Material();
    }
}
