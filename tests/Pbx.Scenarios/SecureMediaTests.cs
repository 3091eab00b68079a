using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Phones that encrypt their media: with keys in SDP (RFC 4568), optional or required, and with keys by DTLS (RFC 5763).</summary>
public sealed class SecureMediaTests
{
    private const double Caller = 440;
    private const double Called = 1000;

    [Fact]
    public async Task PhonesThatEncrypt_HearTheMenu_TalkWithAClearPhone_AndHold_WithNothingOfItInClearOnTheWire()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        var prompt = await pbx.PromptAsync("welcome");
        using TestSound low = TestSound.Tone(Caller), high = TestSound.Tone(Called);
        await using var clear = await Baresip.StartAsync(new("102", pbx.Server, "102", Company.Password), high.Path, answers: true);
        await clear.RegisteredAsync();
        foreach (var encryption in new[] { "srtp", "srtp-mand", "srtp-mandf", "dtls_srtp" })
        {
            BaresipAccount account = new("101", pbx.Server, "101", Company.Password) { MediaEncryption = encryption };
            var ports = (account.RtpPort, account.RtpPort + BaresipAccount.RtpPorts - 1);
            using var wire = new Wire(ports);
            await using var phone = await Baresip.StartAsync(account, low.Path);
            await phone.RegisteredAsync();

            await HearMenuAsync(pbx, phone, prompt, encryption);
            await TalkAndHoldAsync($"sip:102@{pbx.Server}", phone, clear, encryption);

            AssertNothingInClear(wire, ports, prompt, encryption);
        }
        await pbx.EndCallsAsync(clear);
    }

    [Fact]
    public async Task Extensions_HeldToEncryption_CallEachOther_ByWhateverMeans_AndRefuseWhoIsClear()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create().Select(item => item is Extension extension ? extension with { Security = CallSecurity.EncryptedOnly } : item));
        using TestSound low = TestSound.Tone(Caller), high = TestSound.Tone(Called);
        var server = $"127.0.0.1:{pbx.TlsPort}";
        var root = Path.Combine(pbx.Data, "root-for-phones.pem");
        using (var http = new HttpClient { BaseAddress = pbx.Http }) await File.WriteAllBytesAsync(root, await http.GetByteArrayAsync("certificates/root.pem"));
        BaresipAccount Account(string number, string? encryption) =>
            new(number, server, number, Company.Password) { Transport = "tls", Authority = root, MediaEncryption = encryption };
        foreach (var (of, by) in new[] { ("srtp-mand", "srtp-mand"), ("dtls_srtp", "srtp-mand") })
        {
            BaresipAccount from = Account("101", of), to = Account("102", by);
            var (ports, otherPorts) = ((from.RtpPort, from.RtpPort + BaresipAccount.RtpPorts - 1), (to.RtpPort, to.RtpPort + BaresipAccount.RtpPorts - 1));
            using var wire = new Wire(ports, otherPorts);
            await using var caller = await Baresip.StartAsync(from, low.Path);
            await using var called = await Baresip.StartAsync(to, high.Path, answers: true);
            await caller.RegisteredAsync();
            await called.RegisteredAsync();

            await TalkAndHoldAsync($"sip:102@{server};transport=tls", caller, called, $"{of} to {by}");

            Assert.InRange(Listening.ToneSeconds(wire.SoundOf(ports, sent: true), Caller) + Listening.ToneSeconds(wire.SoundOf(otherPorts, sent: false), Caller), 0, 0.1);
            Assert.InRange(Listening.ToneSeconds(wire.SoundOf(ports, sent: false), Called) + Listening.ToneSeconds(wire.SoundOf(otherPorts, sent: true), Called), 0, 0.1);
        }
        await ProvedByRecordsAsync(pbx, ["SDES", "SDES", "DTLS", "SDES"]);
        await using var clear = await Baresip.StartAsync(Account("103", null), low.Path);
        await clear.RegisteredAsync();
        await clear.DialAsync($"sip:800@{server};transport=tls");
        var closed = await clear.WaitForAsync("CALL_CLOSED");
        Assert.Contains("488 ", closed.ToString(), StringComparison.Ordinal);

        await using var unprotected = await Baresip.StartAsync(new("103", pbx.Server, "103", Company.Password), low.Path);
        await pbx.EventuallyAsync(() => Task.FromResult(unprotected.Log.Contains(" 403 ", StringComparison.Ordinal)), "who comes in clear is refused");
        Assert.DoesNotContain(" 401 ", unprotected.Log, StringComparison.Ordinal);
        await pbx.EndCallsAsync(clear, unprotected);
    }

    [Fact]
    public async Task DeviceOverWebSocket_IsOfferedDtlsInItsOwnProfile_AndTalksWithAClearPhone()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using TestSound low = TestSound.Tone(Caller), high = TestSound.Tone(Called);
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(await pbx.RootFileAsync()));
        await using var relay = await WebSocketRelay.ConnectAsync(new Uri($"wss://127.0.0.1:{pbx.Https.Port}/sip"), root);
        BaresipAccount account = new("101", relay.Server, "101", Company.Password) { MediaEncryption = "dtls_srtp" };
        var ports = (account.RtpPort, account.RtpPort + BaresipAccount.RtpPorts - 1);
        using var wire = new Wire(ports);
        await using (var called = await Baresip.StartAsync(account, high.Path, answers: true))
        {
            await called.RegisteredAsync();
            await using var clear = await Baresip.StartAsync(new("102", pbx.Server, "102", Company.Password), low.Path);
            await clear.RegisteredAsync();

            await clear.DialAsync($"sip:101@{pbx.Server}");
            await clear.WaitForAsync("CALL_ESTABLISHED");
            // The first handshake of a process compiles what it needs.
            await pbx.EventuallyAsync(async () => (await pbx.Api.GetStringAsync("live/calls")).Contains("\"srtp\":\"DTLS, A", StringComparison.Ordinal), "DTLS has agreed on a suite");
            await Task.Delay(TimeSpan.FromSeconds(4));
            await clear.HangUpAsync();
            await called.WaitForAsync("CALL_CLOSED");
            await clear.WaitForAsync("CALL_CLOSED");
            Assert.True(Listening.ToneSeconds(await clear.HeardAsync(), Called) > 2, $"The clear phone did not hear the other.\n{called.Log}");
            Assert.True(Listening.ToneSeconds(await called.HeardAsync(), Caller) > 2, $"The phone over WebSocket did not hear the other.\n{called.Log}");

            await pbx.EndCallsAsync(clear, called);
        }
        var invite = Assert.Single(relay.Received, message => message.StartsWith("INVITE ", StringComparison.Ordinal));
        Assert.Matches("m=audio [0-9]+ UDP/TLS/RTP/SAVPF ", invite);
        Assert.DoesNotContain("a=crypto", invite, StringComparison.Ordinal);
        Assert.True(wire.SoundOf(ports, sent: true).Samples.Length > 8000, "No RTP was seen on the wire.");
        Assert.InRange(Listening.ToneSeconds(wire.SoundOf(ports, sent: true), Called), 0, 0.1);
        Assert.InRange(Listening.ToneSeconds(wire.SoundOf(ports, sent: false), Caller), 0, 0.1);
        await ProvedByRecordAsync(pbx);
    }

    private static async Task ProvedByRecordAsync(PbxProcess pbx)
    {
        var record = "";
        await pbx.EventuallyAsync(async () => (record = string.Concat((await pbx.TryRecordsAsync()).Select(each => each!.ToJsonString()))).Contains("\"srtp\":\"DTLS, A", StringComparison.Ordinal),
            "the call's record names what DTLS agreed on");
        Assert.Contains("\"transport\":\"WSS\"", record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linphone_ThatInsistsOnSrtp_HearsTheMenu_AndIsHeardByAClearPhone()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using TestSound low = TestSound.Tone(Caller), high = TestSound.Tone(Called);
        await using var clear = await Baresip.StartAsync(new("102", pbx.Server, "102", Company.Password), high.Path, answers: true);
        await clear.RegisteredAsync();
        await using (var linphone = await Linphone.StartAsync("101", pbx.Server, Company.Password, low.Path))
        {
            await linphone.CallAsync($"sip:800@{pbx.Server}");
            await Task.Delay(TimeSpan.FromSeconds(6));
            await linphone.HangUpAsync();
            var contains = Listening.Contains(await linphone.HeardAsync(), await pbx.PromptAsync("welcome"));
            Assert.True(contains > 0.5, $"linphone heard the prompt only by {contains}.\n{linphone.Log}");
        }
        await using (var linphone = await Linphone.StartAsync("101", pbx.Server, Company.Password, low.Path))
        {
            await linphone.CallAsync($"sip:102@{pbx.Server}");
            await Task.Delay(TimeSpan.FromSeconds(4));
            await linphone.HangUpAsync();
            await clear.WaitForAsync("CALL_CLOSED");
            Assert.True(Listening.ToneSeconds(await linphone.HeardAsync(), Called) > 1, linphone.Log);
        }
        Assert.True(Listening.ToneSeconds(await clear.HeardAsync(), Caller) > 1, "The clear phone did not hear linphone.");
    }

    [Fact]
    public async Task PhoneThatEncrypts_LeavesAMessage_ThatHoldsWhatItSaid()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var tone = TestSound.Tone(Caller);
        await using var phone = await Baresip.StartAsync(
            new("101", pbx.Server, "101", Company.Password) { MediaEncryption = "dtls_srtp" }, tone.Path);
        await phone.RegisteredAsync();

        await phone.DialAsync($"sip:800@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await phone.PressAsync("890"); // keys travel encrypted as well
        await pbx.EventuallyAsync(async () => (await pbx.LiveAtAsync()).Contains("mailbox:general", StringComparison.Ordinal), "the caller is in the mailbox");
        await pbx.EventuallyAsync(async () => (await pbx.Api.GetStringAsync("live/calls")).Contains("\"srtp\":\"DTLS, A", StringComparison.Ordinal), "the live page names what DTLS agreed on");
        await Task.Delay(TimeSpan.FromSeconds(9));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");

        string[] recordings = [];
        await pbx.EventuallyAsync(() =>
        {
            recordings = Directory.GetFiles(pbx.Data, "*.wav", SearchOption.AllDirectories).Where(file => file.Contains("/voicemail/", StringComparison.Ordinal)).ToArray();
            return Task.FromResult(recordings.Length == 1);
        }, "the message is kept");
        Assert.True(Listening.ToneSeconds(WavFile.Read(recordings[0]), Caller) > 1.5);
    }

    /// <summary>The call records say of each leg how it was encrypted.</summary>
    private static async Task ProvedByRecordsAsync(PbxProcess pbx, string[] keys)
    {
        string[] legs = [];
        await pbx.EventuallyAsync(async () =>
        {
            legs = [.. (await pbx.TryRecordsAsync()).OrderBy(record => (string)record!["startedAt"]!, StringComparer.Ordinal)
                .SelectMany(record => record!["quality"]!.AsArray()).Select(leg => leg!["protection"]?.ToJsonString() ?? "none")];
            return legs.Length == keys.Length;
        }, "the calls are in the records");
        foreach (var (leg, key) in legs.Zip(keys))
            Assert.Matches($$"""{"transport":"TLS","tls":"TLS 1\.3, TLS_\w+","srtp":"{{key}}, A\w+","isWhole":true}""", leg);
    }

    private static async Task HearMenuAsync(PbxProcess pbx, Baresip phone, WavFile prompt, string encryption)
    {
        await phone.DialAsync($"sip:800@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        var contains = Listening.Contains(await phone.HeardAsync(), prompt);
        Assert.True(contains > 0.6, $"{encryption}: the phone heard the prompt only by {contains}.\n{phone.Log}");
    }

    private static async Task TalkAndHoldAsync(string target, Baresip phone, Baresip clear, string encryption)
    {
        await phone.DialAsync(target);
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await phone.HoldAsync(true);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await phone.HoldAsync(false);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        await clear.WaitForAsync("CALL_CLOSED");

        foreach (var (name, heard, frequency) in new[] { ("the phone that encrypts", await phone.HeardAsync(), Called), ("the clear phone", await clear.HeardAsync(), Caller) })
        {
            var (begin, end) = (Half(heard, first: true), Half(heard, first: false));
            Assert.True(Listening.ToneSeconds(begin, frequency) > 1, $"{encryption}: {name} did not hear the other before the hold.\n{phone.Log}");
            Assert.True(Listening.ToneSeconds(end, frequency) > 1, $"{encryption}: {name} did not hear the other after the hold.\n{phone.Log}");
        }
    }

    private static WavFile Half(WavFile sound, bool first) =>
        new(sound.Rate, first ? sound.Samples[..(sound.Samples.Length / 2)] : sound.Samples[(sound.Samples.Length / 2)..]);

    private static void AssertNothingInClear(Wire wire, (int, int) ports, WavFile prompt, string encryption)
    {
        var (sent, received) = (wire.SoundOf(ports, sent: true), wire.SoundOf(ports, sent: false));
        Assert.True(sent.Samples.Length > 8000 && received.Samples.Length > 8000, $"{encryption}: no RTP was seen on the wire.");
        Assert.InRange(Listening.ToneSeconds(sent, Caller), 0, 0.1);
        Assert.InRange(Listening.ToneSeconds(received, Called), 0, 0.1);
        Assert.InRange(Listening.Contains(received, prompt), 0, 0.3);
        Assert.DoesNotContain(wire.Of(ports), datagram => Encoding.ASCII.GetString(datagram).Contains("inline:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wire_OfAClearCall_ShowsItsSound()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var tone = TestSound.Tone(Caller);
        BaresipAccount account = new("101", pbx.Server, "101", Company.Password);
        var ports = (account.RtpPort, account.RtpPort + BaresipAccount.RtpPorts - 1);
        using var wire = new Wire(ports);
        await using var phone = await Baresip.StartAsync(account, tone.Path);
        await phone.RegisteredAsync();
        await phone.DialAsync($"sip:800@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");

        Assert.True(Listening.ToneSeconds(wire.SoundOf(ports, sent: true), Caller) > 2);
        Assert.InRange(Listening.Contains(wire.SoundOf(ports, sent: false), await pbx.PromptAsync("welcome")), 0.6, 1);
    }
}
