using Microsoft.Extensions.Configuration;
using Pbx.Core.Common;
using Pbx.Web.Hosting;

namespace Pbx.Web.Tests.Hosting;

public class BootOptionsTests
{
    [Theory]
    [InlineData("--Sip:Port", "5070")]
    [InlineData("--sip-port", "5070")]
    [InlineData("--sip-port=5070")]
    public void Port_ByAnyCommandLineForm_IsRead(params string[] arguments)
    {
        var (options, mistakes) = BootOptionsReader.Read(arguments, _ => { });
        Assert.Empty(mistakes);
        Assert.Equal(5070, options.SipPort);
    }

    [Fact]
    public void Settings_OnTheCommandLine_StandOverThoseOfTheOthers()
    {
        var (options, mistakes) = BootOptionsReader.Read(["--sip-port", "5071"], builder => builder.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Sip:Port"] = "5070", ["Rtp:PortRange"] = "20000-20999", ["Database:Provider"] = "postgres", ["Database:ConnectionString"] = "Host=db" }));
        Assert.Empty(mistakes);
        Assert.Equal((5071, 20000, 20999, DatabaseProvider.Postgres), (options.SipPort, options.RtpFirstPort, options.RtpLastPort, options.DatabaseProvider));
    }

    [Fact]
    public void Settings_WhenNothingIsSaid_AreTheConsoleOn8080SipOn5060AndSqliteInADirectory()
    {
        var (options, mistakes) = BootOptionsReader.Read([], _ => { });
        Assert.Empty(mistakes);
        Assert.Contains("http://*:8080", options.HttpUrls);
        Assert.Equal((5060, 5061, 10000, 19999), (options.SipPort, options.SipTlsPort, options.RtpFirstPort, options.RtpLastPort));
        Assert.Equal((DatabaseProvider.Sqlite, null), (options.DatabaseProvider, options.ConnectionString));
        Assert.Equal(Path.GetFullPath("data"), options.DataDirectory);
    }

    [Fact]
    public void Settings_InFiles_AreReadByTheirSections_AndTheLaterFileStandsOverTheEarlier()
    {
        var folder = Directory.CreateTempSubdirectory("appsettings");
        var (beside, etc) = (folder.CreateSubdirectory("program").FullName, folder.CreateSubdirectory("etc").FullName);
        File.WriteAllText(Path.Combine(beside, "appsettings.json"), """{"Sip":{"Port":5080,"AdvertisedAddress":"203.0.113.5"},"Http":{"Urls":"http://*:8081"}}""");
        File.WriteAllText(Path.Combine(etc, "appsettings.json"), """{"Sip":{"Port":5081},"Rtp":{"PortRange":"20000-20999"}}""");

        var (options, mistakes) = BootOptionsReader.Read([], builder => BootOptionsReader.AddSources(builder, beside, etc));
        File.WriteAllText(Path.Combine(etc, "appsettings.json"), """{"Sip":{"Port":"many"},"Rtp":""");
        var (_, unreadable) = BootOptionsReader.Read([], builder => BootOptionsReader.AddSources(builder, beside, etc));
        folder.Delete(recursive: true);

        Assert.Empty(mistakes);
        Assert.Equal((5081, "203.0.113.5", 20000, 20999), (options.SipPort, options.AdvertisedAddress, options.RtpFirstPort, options.RtpLastPort));
        Assert.Equal(["http://*:8081"], options.HttpUrls);
        Assert.Contains("appsettings.json", Assert.Single(unreadable), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_Several_AreAllNamedInWords()
    {
        var (_, mistakes) = BootOptionsReader.Read(
            ["--sip-port", "seventy", "--rtp-port-range", "100", "--sip-prot", "1", "--database-provider", "oracle", "--setup-admin-email", "a@example.com"], _ => { });
        Assert.Equal(5, mistakes.Count);
        foreach (var name in new[] { "Sip:Port", "Rtp:PortRange", "sip-prot", "Database:Provider", "Setup:AdminPassword" })
            Assert.Contains(mistakes, m => m.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Secret_Mistaken_IsNotShown()
    {
        var (_, mistakes) = BootOptionsReader.Read(["--setup-api-token", "hunter2-hunter2"], _ => { });
        Assert.Single(mistakes);
        Assert.DoesNotContain("hunter2", mistakes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_EachOne_HasADistinctNameInEveryForm()
    {
        Assert.Equal(BootSetting.All.Count, BootSetting.All.Select(s => s.Option).Distinct().Count());
        Assert.Contains(BootSetting.All, s => s is { Option: "sip-advertised-address", Variable: "PBX__Sip__AdvertisedAddress" });
    }
}
