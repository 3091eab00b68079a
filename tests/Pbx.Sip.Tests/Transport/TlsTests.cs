using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Certificates;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Transport;

/// <summary>TLS on 127.0.0.1, with openssl and .NET as peers.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly X509Certificate2 Authority = PrivateAuthority.Create("Test authority", DateTimeOffset.UtcNow);

    private readonly RecordingRoom room = new(SipMethods.Invite, SipMethods.Register);
    private readonly SipStack stack = new(2, TimeProvider.System, TransactionTimes.Standard, new ShardLimits(), new OpenGate(), new SipCounters(), NullLogger.Instance);
    private readonly SipListeners listeners;
    private readonly SipSender sender;
    private ServerCertificate serving = Issue("localhost", "127.0.0.1");

    public TlsTests()
    {
        var options = new TransportOptions
        {
            Bind = [IPAddress.Loopback], Port = 0, TlsPort = 0, MaxConnectionsPerAddress = 60, HandshakeTimeout = TimeSpan.FromSeconds(20), HandshakesAtOnce = 1,
        };
        listeners = new SipListeners(options, stack.FrontDoor, TimeProvider.System, NullLogger.Instance, stack.OnUnhandled, elliptic => serving.ContextFor(elliptic));
        sender = new SipSender(listeners, new OwnAddresses(options));
    }

    public ValueTask InitializeAsync()
    {
        stack.Build(sender, [room]);
        stack.Shards.Start();
        listeners.Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await listeners.StopAsync().WaitAsync(Patience);
        stack.Dispose();
        listeners.Dispose();
        Assert.Equal(0, stack.Counters.UnhandledExceptions);
        Assert.Equal(0, listeners.Flows.Count);
    }

    [Theory]
    [InlineData("-tls1_2", "Protocol  : TLSv1.2", "Verification: OK")]
    [InlineData("-tls1_3", "TLSv1.3, Cipher is", "Verification: OK")]
    [InlineData("-tls1_1", "alert protocol version", "Cipher is (NONE)")]
    [InlineData("-tls1", "alert protocol version", "Cipher is (NONE)")]
    public async Task Openssl_EachVersion_IsTakenOrRefusedWithAnAlert(string version, params string[] expected)
    {
        // Level 0 lets the client offer what this machine's policy would not even try.
        var output = await HandshakeAsync(version, "-cipher", "ALL:@SECLEVEL=0");
        Assert.All(expected, text => Assert.Contains(text, output, StringComparison.Ordinal));
    }

    /// <summary>Old phones know RSA alone; whoever knows more gets what costs the server less, and both trust one root.</summary>
    [Theory]
    [InlineData("ECDSA", "-tls1_3")]
    [InlineData("ECDSA", "-tls1_2")]
    [InlineData("ECDSA", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("RSA", "-tls1_3", "-sigalgs", "RSA-PSS+SHA256")]
    [InlineData("RSA", "-tls1_2", "-sigalgs", "RSA+SHA256")]
    [InlineData("RSA", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("RSA", "-tls1_2", "-curves", "X25519:P-384")]
    [InlineData("RSA", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256")]
    public async Task Openssl_WhatItTakes_DecidesWhichCertificateItGets(string key, params string[] arguments)
    {
        var output = await HandshakeAsync([.. arguments, "-showcerts"]);
        Assert.Contains("Verification: OK", output, StringComparison.Ordinal);
        Assert.Contains(key == "RSA" ? "Server public key is 2048 bit" : "Server public key is 256 bit", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_OverTls_IsAnsweredWithOurTlsAddressAndKeepAlivesToo()
    {
        await using var client = await ConnectAsync();
        await client.WriteAsync(Encoding.ASCII.GetBytes("\r\n\r\n" + Options()));
        var text = await ReadUntilAsync(client, text => text.Contains("SIP/2.0 200", StringComparison.Ordinal));
        Assert.StartsWith("\r\nSIP/2.0 200", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OfOurs_GoesBackOverTheConnectionAndNamesItself()
    {
        var came = new TaskCompletionSource<IServerTransaction>(TaskCreationOptions.RunContinuationsAsynchronously);
        room.OnRequest = came.SetResult;
        await using var client = await ConnectAsync();
        await client.WriteAsync(Encoding.ASCII.GetBytes(Options("REGISTER")));
        var registered = await came.Task.WaitAsync(Patience);
        Assert.StartsWith("TLS 1.3, TLS_", registered.Flow.Security!.ToString(), StringComparison.Ordinal);

        stack.Endpoints[0].Shard.Post(() => stack.Endpoints[0].Transactions.Send(SipRequestBuilder.Create(SipMethods.Options, SipUri.Parse("sips:a@127.0.0.1:1"),
            new NameAddress(null, SipUri.Parse("sip:us@here")).WithTag("t"), new NameAddress(null, SipUri.Parse("sip:peer@there")), "back", 1)
            .Contact(sender.AddressFor(registered.Flow).Contact("us", secure: true)), registered.Flow, new Nobody()));

        var text = await ReadUntilAsync(client, text => text.Contains("OPTIONS ", StringComparison.Ordinal) && text.EndsWith("\r\n\r\n", StringComparison.Ordinal));
        Assert.Contains($"Via: SIP/2.0/TLS 127.0.0.1:{listeners.TlsPort};branch=", text, StringComparison.Ordinal);
        Assert.Contains($"Contact: <sips:us@127.0.0.1:{listeners.TlsPort};transport=tls>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_Replaced_OldConnectionGoesOnAndNewOneSeesTheNew()
    {
        var first = serving;
        await using var old = await ConnectAsync();
        Assert.Equal(first.Elliptic!.Leaf.Thumbprint, Thumbprint(old));

        serving = Issue("localhost", "127.0.0.1");

        await using var fresh = await ConnectAsync();
        Assert.Equal(serving.Elliptic!.Leaf.Thumbprint, Thumbprint(fresh));
        foreach (var client in (SslStream[])[old, fresh])
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(Options()));
            await ReadUntilAsync(client, text => text.Contains("SIP/2.0 200", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Handshakes_HalfDoneOrNotBegun_KeepNobodyOut()
    {
        var idle = new List<TcpClient>();
        for (var i = 0; i < 60; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, listeners.TlsPort);
            // A third says nothing, a third half of a ClientHello, a third rubbish.
            if (i % 3 == 1) await client.GetStream().WriteAsync((byte[])[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);
            if (i % 3 == 2) await client.GetStream().WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
            idle.Add(client);
        }
        await Task.Delay(TimeSpan.FromSeconds(2));
        // The address has as many as it may have: the newcomers take the places of the silent ones.
        var served = new List<SslStream>();
        for (var i = 0; i < 40; i++)
        {
            served.Add(await ConnectAsync());
            await served[i].WriteAsync(Encoding.ASCII.GetBytes(Options()));
            await ReadUntilAsync(served[i], text => text.Contains("SIP/2.0 200", StringComparison.Ordinal));
        }
        foreach (var client in served) await client.DisposeAsync();
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Handshake_NeverFinished_IsClosedAtItsDeadline()
    {
        var options = new TransportOptions { Bind = [IPAddress.Loopback], Port = 0, TlsPort = 0, HandshakeTimeout = TimeSpan.FromMilliseconds(200) };
        using var impatient = new SipListeners(options, stack.FrontDoor, TimeProvider.System, NullLogger.Instance, stack.OnUnhandled, elliptic => serving.ContextFor(elliptic));
        impatient.Open();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, impatient.TlsPort);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[10]).AsTask().WaitAsync(Patience));
        await impatient.StopAsync();
    }

    [Theory]
    [InlineData("localhost", true, false, "200")]
    [InlineData("other.example.com", true, false, "the certificate is not for other.example.com but for localhost, 127.0.0.1")]
    [InlineData("localhost", false, false, "is not trusted: its authority is not known")]
    [InlineData("other.example.com", false, true, "200")]
    public async Task Client_ServersCertificate_IsCheckedUnlessExcepted(string name, bool known, bool exception, string outcome)
    {
        var peer = new TlsPeer(name, known ? Authority.ExportCertificatePem() : null, exception);
        var flow = sender.FlowTo(peer, new IPEndPoint(IPAddress.Loopback, listeners.TlsPort))!;
        var heard = new Nobody();
        stack.Endpoints[0].Shard.Post(() => stack.Endpoints[0].Transactions.Send(SipRequestBuilder.Create(SipMethods.Options, SipUri.Parse("sip:a@127.0.0.1"),
            new NameAddress(null, SipUri.Parse("sip:us@here")).WithTag("t"), new NameAddress(null, SipUri.Parse("sip:peer@there")), Guid.NewGuid().ToString("N"), 1),
            flow, heard));

        var answer = await heard.Outcome.Task.WaitAsync(Patience);

        Assert.Contains(outcome, flow.Trouble ?? answer, StringComparison.Ordinal);
        Assert.Equal(outcome == "200", flow.Security is not null);
    }

    [Fact]
    public async Task Client_PeersWithOtherExpectations_ShareNoConnection()
    {
        var server = new IPEndPoint(IPAddress.Loopback, listeners.TlsPort);
        var lax = sender.FlowTo(new TlsPeer("x", null, AcceptsAnyCertificate: true), server);
        Assert.NotEqual(lax, sender.FlowTo(new TlsPeer("x"), server));
        Assert.Null(sender.FlowTo(SipTransport.Tls, server));
        await Task.CompletedTask;
    }

    private static ServerCertificate Issue(params string[] names) => new(PrivateAuthority.Issue(Authority, names, DateTimeOffset.UtcNow), [], CertificateOrigin.Own,
        new(PrivateAuthority.IssueElliptic(Authority, names, DateTimeOffset.UtcNow), [], CertificateOrigin.Own));

    private async Task<string> HandshakeAsync(params string[] arguments)
    {
        var root = Path.Combine(Path.GetTempPath(), $"root-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(root, Authority.ExportCertificatePem());
        try
        {
            return await OpensslAsync(["s_client", "-connect", $"127.0.0.1:{listeners.TlsPort}", "-CAfile", root, "-verify_ip", "127.0.0.1", .. arguments]);
        }
        finally
        {
            File.Delete(root);
        }
    }

    private static string Thumbprint(SslStream stream) => ((X509Certificate2)stream.RemoteCertificate!).Thumbprint;

    private async Task<SslStream> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listeners.TlsPort);
        var stream = new SslStream(client.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(Authority);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy }).WaitAsync(Patience);
        return stream;
    }

    private static async Task<string> ReadUntilAsync(Stream client, Predicate<string> enough)
    {
        var text = "";
        var buffer = new byte[65536];
        while (!enough(text))
        {
            var read = await client.ReadAsync(buffer).AsTask().WaitAsync(Patience);
            Assert.True(read > 0, $"Closed after: {text}");
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }
        return text;
    }

    private static async Task<string> OpensslAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return await output + await errors;
    }

    private static string Options(string method = "OPTIONS") =>
        $"{method} sip:pbx@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5999;branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: {Guid.NewGuid():N}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n";

    private sealed class Nobody : IClientTransactionUser
    {
        public TaskCompletionSource<string> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnResponse(IClientTransaction transaction, SipResponse response) =>
            Outcome.TrySetResult(response.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));

        public void OnFailed(IClientTransaction transaction, TransactionFailure failure) => Outcome.TrySetResult(failure.ToString());
    }
}
