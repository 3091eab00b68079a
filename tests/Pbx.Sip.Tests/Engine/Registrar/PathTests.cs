using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Extensions;
using Pbx.Core.Snapshot;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Messages;
using TheRegistrar = Pbx.Sip.Engine.Registrar.Registrar;

namespace Pbx.Sip.Tests.Engine.Registrar;

/// <summary>Calls to a device behind proxies take the path of its registration (RFC 3327 section 5.1), also after a restart.</summary>
public sealed class PathTests : IDisposable
{
    private static readonly string[] Path = ["sip:sbc.example;lr", "sip:edge.example;lr"];

    private readonly string folder = Directory.CreateTempSubdirectory("path").FullName;
    private readonly PbxSnapshot company;

    public PathTests()
    {
        var small = Company.Small();
        company = small.With(small.Extensions["101"] with { Devices = [new Device { Key = "desk", UserName = "101" }] });
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, InlineData(false), InlineData(true)]
    public void INVITE_ToADeviceBehindProxies_IsRoutedByItsPath(bool restarted)
    {
        using var bench = new EngineBench(company);
        var (a, sbc) = (bench.Phone("100"), bench.Phone("101"));
        var registrar = Start(bench);
        Assert.Equal(200, registrar.Register(new RegisterCommand
        {
            Extension = "101", Device = "desk", CallId = "c", CSeq = 1, Contacts = [new NameAddress(null, SipUri.Parse("sip:101@10.9.9.9:5062"))],
            Expires = 600, Flow = sbc.Flow, UserAgent = "phone", Path = [.. Path.Select(SipUri.Parse)],
        }, new RegisterLimits(60, 3600, 3)).Status);
        if (restarted)
        {
            registrar.Dispose();
            registrar = Start(bench);
        }
        bench.Ways = new DeviceWays(registrar, bench, bench.Clock, new RegistrarOptions());

        var call = a.Invite("101");
        bench.Run();
        var invite = sbc.Take(SipMethods.Invite);

        Assert.Equal("sip:101@10.9.9.9:5062", invite.RequestUriText);
        Assert.Equal(Path, invite.Routes.Select(route => route.Uri.ToString()));
        sbc.Reply(invite, 486);
        bench.Run();
        call.AckOf(a.Last(486));
        bench.Pass(40);
        bench.AssertIdle(1);
        registrar.Dispose();
    }

    private TheRegistrar Start(EngineBench bench)
    {
        var registrar = new TheRegistrar(bench.Configuration, bench.Steady, new RegistrarOptions { JournalFile = System.IO.Path.Combine(folder, "bindings") },
            NullLogger<TheRegistrar>.Instance);
        registrar.Start();
        return registrar;
    }
}
