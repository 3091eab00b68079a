using Microsoft.AspNetCore.Builder;
using Pbx.Web.Hosting;

namespace Pbx.Web.Tests.Api;

/// <summary>The real server on free ports and a directory of its own, unclaimed, with a first API token.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const string Token = "pbx_test-token-test-token-test-token";
    private readonly string directory = Directory.CreateTempSubdirectory("pbx-web-").FullName;

    public WebApplication App { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public Uri SecureAddress => new(App.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal)));

    public HttpClient Anonymous { get; private set; } = null!;

    public HttpClient Program { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = PbxHost.Build(new BootOptions
        {
            HttpUrls = ["http://127.0.0.1:0", "https://127.0.0.1:0"], SipBind = ["127.0.0.1"], SipPort = 0, SipTlsPort = 0, RtpFirstPort = 40000, RtpLastPort = 40099, SipShards = 1,
            DataDirectory = directory, SetupApiToken = Token,
        });
        await App.StartAsync();
        Address = new Uri(App.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal)));
        Anonymous = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        Program = new HttpClient { BaseAddress = Address };
        Program.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    public async ValueTask DisposeAsync()
    {
        Anonymous.Dispose();
        Program.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
