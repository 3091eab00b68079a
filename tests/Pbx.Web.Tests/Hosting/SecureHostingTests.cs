using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;
using Pbx.Core.Certificates;
using Pbx.Testing.Peers;
using Pbx.Web.Features.Certificates;
using Pbx.Web.Tests.Api;

namespace Pbx.Web.Tests.Hosting;

public class SecureHostingTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private CertificateStore Store => server.App.Services.GetRequiredService<CertificateStore>();

    private X509Certificate2 Root => X509Certificate2.CreateFromPem(Store.State.Root.Pem);

    [Fact]
    public async Task Https_ClientThatKnowsTheRoot_VerifiesTheServerAndSeesANewCertificateAtOnce()
    {
        var first = await ShownAsync();
        Assert.Equal(Store.Current!.Leaf.Thumbprint, first);

        Assert.True(Store.SetNames(["pbx.example.com"], Caller.System).Succeeded);

        Assert.NotEqual(first, await ShownAsync());
        Assert.Equal(Store.Current.Leaf.Thumbprint, await ShownAsync());
    }

    [Fact]
    public async Task Root_Downloaded_IsTheSameInBothForms()
    {
        var pem = X509Certificate2.CreateFromPem(await server.Anonymous.GetStringAsync("/certificates/root.pem"));
        var binary = X509CertificateLoader.LoadCertificate(await server.Anonymous.GetByteArrayAsync("/certificates/root.crt"));
        Assert.Equal(pem.Thumbprint, binary.Thumbprint);
        Assert.False(pem.HasPrivateKey);
    }

    [Fact]
    public async Task Health_OfTheCertificate_SaysHowLongItIsValid()
    {
        var health = (await server.Anonymous.GetFromJsonAsync<JsonObject>("/health/certificate"))!;
        Assert.Equal("None", (string?)health["alert"]);
        Assert.InRange((int)health["daysLeft"]!, 300, 400);
    }

    [Fact]
    public async Task SipSocket_FromOurPageOrAProgram_SpeaksSip_FromAnotherSiteOrWithoutSubprotocol_DoesNot()
    {
        var address = new UriBuilder(server.SecureAddress) { Scheme = "wss", Path = "/sip" }.Uri;
        foreach (var origin in new[] { null, $"https://{address.Authority}" })
        {
            await using var pipe = await MessagePipe.ConnectWebSocketAsync(address, Root, origin);
            await pipe.SendAsync($"OPTIONS sip:pbx@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\n"
                + $"From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: {Guid.NewGuid():N}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
            Assert.StartsWith("SIP/2.0 200", await pipe.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
        }
        await Assert.ThrowsAsync<WebSocketException>(() => MessagePipe.ConnectWebSocketAsync(address, Root, "https://evil.example"));
        using var plain = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => plain.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/sip" }.Uri, default));
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await server.Anonymous.GetAsync("/sip")).StatusCode);
    }

    [Fact]
    public async Task Api_Certificate_IsShownWithoutItsKeyAndABadOneIsRefusedInWords()
    {
        var text = await server.Program.GetStringAsync("/api/v1/certificate");
        Assert.Contains("\"origin\":\"own\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", text, StringComparison.Ordinal);
        using var refused = await server.Program.PutAsJsonAsync("/api/v1/certificate", new { origin = "uploaded", certificate = Store.State.Root.Pem });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("certificate-key-missing", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void ViewModel_FilesThatAreNotThere_KeepsWhatServesAndSaysWhy()
    {
        var model = new CertificatesViewModel(Store) { Origin = CertificateOrigin.Files, CertificateFile = "/nowhere/fullchain.pem" };
        var before = Store.Current;
        Assert.False(model.Use(Caller.System));
        Assert.Equal("certificate-file-unreadable", Assert.Single(model.Errors).Code);
        Assert.Same(before, Store.Current);
    }

    private async Task<string?> ShownAsync()
    {
        string? shown = null;
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(Root);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            var leaf = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
            shown = leaf.Thumbprint;
            return chain.Build(leaf) && !errors.HasFlag(System.Net.Security.SslPolicyErrors.RemoteCertificateNameMismatch);
        };
        using var client = new HttpClient(handler) { BaseAddress = server.SecureAddress };
        Assert.Equal("live\n", await client.GetStringAsync("/health/live"));
        return shown;
    }
}
