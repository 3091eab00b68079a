using Pbx.Core.Common;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Extensions;
using Pbx.Core.Snapshot;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;
using Pbx.Testing;
using TheRegistrar = Pbx.Sip.Engine.Registrar.Registrar;

namespace Pbx.Sip.Tests.Engine.Registrar;

public sealed class RegistrarTests : IDisposable
{
    private static readonly RegisterLimits Limits = new(60, 3600, 3);
    private readonly FakeClock clock = new();
    private readonly FakeConfiguration configuration = new(PbxSnapshot.Empty.With(new Extension
    {
        Key = "e100", Number = "100", Name = "Ann", Site = "main", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "desk", UserName = "100a" }, new Device { Key = "soft", UserName = "100b" }],
    }));
    private readonly string folder = Directory.CreateTempSubdirectory("registrar").FullName;
    private readonly List<string> heard = [];
    private readonly TheRegistrar registrar;
    private uint cseq;

    public RegistrarTests() => registrar = GivenRegistrar();

    public void Dispose()
    {
        registrar.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private TheRegistrar GivenRegistrar(string? file = null)
    {
        var made = new TheRegistrar(configuration, new SteadyClock(clock), new RegistrarOptions { JournalFile = file }, NullLogger<TheRegistrar>.Instance);
        made.RegisteredChanged += (extension, registered) => heard.Add($"{extension} {registered}");
        made.Start();
        return made;
    }

    private static Flow Udp(string remote = "198.51.100.1:5060") => new(SipTransport.Udp, IPEndPoint.Parse(remote), IPEndPoint.Parse("192.0.2.1:5060"));

    private static Flow Tcp(long connection) => new(SipTransport.Tcp, IPEndPoint.Parse("198.51.100.2:40000"), IPEndPoint.Parse("192.0.2.1:5060"), connection);

    private RegisterCommand Command(string contact, uint? expires = null, string callId = "c", uint? number = null, string device = "desk", Flow? flow = null)
    {
        List<NameAddress> contacts = [];
        if (contact is not ("*" or ""))
            Assert.True(NameAddress.TryParseList(contact, contacts));
        return new RegisterCommand
        {
            Extension = "e100", Device = device, CallId = callId, CSeq = number ?? ++cseq, All = contact == "*", Contacts = contacts,
            Expires = expires, Flow = flow ?? Udp(), UserAgent = "phone",
        };
    }

    private int Register(string contact, uint? expires = null, string callId = "c", uint? number = null, string device = "desk", Flow? flow = null) =>
        registrar.Register(Command(contact, expires, callId, number, device, flow), Limits).Status;

    private IEnumerable<string> Contacts => registrar.Find("e100").Select(binding => binding.Contact.ToString());

    [Fact]
    public void REGISTER_SeveralContacts_AreAllKeptWithTheirOwnTimes()
    {
        Assert.Equal(200, Register("<sip:100@a>;expires=120;q=0.4, <sip:100@b>", 600));
        var bindings = registrar.Find("e100");
        Assert.Equal([120, 600], bindings.Select(binding => (int)(binding.ExpiresAt - clock.GetUtcNow()).TotalSeconds));
        Assert.Equal([400, 1000], bindings.Select(binding => binding.Preference));
        Assert.Equal(["e100 True"], heard);
        clock.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(["sip:100@b"], Contacts);
        clock.Advance(TimeSpan.FromSeconds(480));
        Assert.Empty(Contacts);
        Assert.Equal(0, registrar.Count);
        Assert.Equal(["e100 True", "e100 False"], heard);
    }

    [Fact]
    public void REGISTER_Refreshed_LivesOnAndKeepsItsBeginning()
    {
        var begin = clock.GetUtcNow();
        Register("<sip:100@a>", 100);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(200, Register("<sip:100@A;newparam=1>", 100));
        clock.Advance(TimeSpan.FromSeconds(60));
        var binding = Assert.Single(registrar.Find("e100"));
        Assert.Equal(begin, binding.RegisteredAt);
    }

    [Fact]
    public void REGISTER_LowerNumberWithTheSameCallId_ChangesNothing()
    {
        Register("<sip:100@a>", 600, "c", 5);
        Assert.Equal(500, Register("<sip:100@b>, <sip:100@a>", 600, "c", 5));
        Assert.Equal(500, Register("<sip:100@a>", 0, "c", 4));
        Assert.Equal(["sip:100@a"], Contacts);
        Assert.Equal(200, Register("<sip:100@a>", 0, "other", 1));
        Assert.Empty(Contacts);
    }

    [Fact]
    public void REGISTER_Star_RemovesAllOnlyWithExpiresZero()
    {
        Register("<sip:100@a>, <sip:100@b>", 600);
        Assert.Equal(400, Register("*", 60));
        Assert.Equal(400, Register("*"));
        Assert.Equal(500, Register("*", 0, number: 1));
        Assert.Equal(2, registrar.Count);
        Assert.Equal(200, Register("*", 0));
        Assert.Equal(0, registrar.Count);
    }

    [Fact]
    public void REGISTER_TooBriefOrTooLong_Is423OrShortened()
    {
        Assert.Equal(423, Register("<sip:100@a>", 59));
        Assert.Equal(423, Register("<sip:100@b>;expires=600, <sip:100@a>;expires=10"));
        Assert.Empty(Contacts);
        Assert.Equal(200, Register("<sip:100@a>", 999_999));
        Assert.Equal(clock.GetUtcNow().AddSeconds(3600), registrar.Find("e100")[0].ExpiresAt);
    }

    [Fact]
    public void REGISTER_MoreContactsThanAllowed_ReplacesTheDevicesOwnOldestOrIsRefused()
    {
        Register("<sip:100@a>", 600);
        Register("<sip:100@b>", 700);
        Register("<sip:100@c>", 800);
        Assert.Equal(200, Register("<sip:100@d>", 600));
        Assert.Equal(["sip:100@b", "sip:100@c", "sip:100@d"], Contacts);
        Assert.Equal(403, Register("<sip:100@e>", 600, device: "soft"));
    }

    [Fact]
    public void REGISTER_SameInstanceAtAnotherAddress_ReplacesTheBinding()
    {
        Register("<sip:100@a>;+sip.instance=\"<urn:uuid:1>\"", 600);
        Register("<sip:100@b>;+sip.instance=\"<urn:uuid:1>\"", 600, "restarted", 1);
        Assert.Equal(["sip:100@b"], Contacts);
        Register("<sip:100@b>", 600, device: "soft");
        Assert.Equal(2, registrar.Count);
    }

    [Fact]
    public void Query_WithoutContact_ChangesNothing()
    {
        Register("<sip:100@a>", 600);
        var outcome = registrar.Register(Command(""), Limits);
        Assert.Equal((200, 1), (outcome.Status, outcome.Bindings.Count));
    }

    [Fact]
    public void Connection_Lost_BindingAwaitsItsDevice()
    {
        Register("<sip:100@a;transport=tcp>", 600, flow: Tcp(7));
        registrar.OnFlowLost(Tcp(8));
        Assert.True(registrar.IsRegistered("e100"));
        registrar.OnFlowLost(Tcp(7));
        Assert.False(registrar.IsRegistered("e100"));
        Assert.True(registrar.Topic.Current[0].AwaitsReconnection);
        Register("<sip:100@a;transport=tcp>", 600, flow: Tcp(9));
        Assert.Equal(["e100 True", "e100 False", "e100 True"], heard);
        Assert.Single(registrar.Find("e100"));
    }

    [Fact]
    public void Row_TellsHowItsDeviceTalkedLast_UntilTheDeviceIsGone()
    {
        var ways = new DeviceWays(registrar, new NoSender(), clock, new RegistrarOptions());
        Register("<sip:100@a>", 600);
        Register("<sip:100@b>", 600, device: "soft");
        ways.Sounded("e100", "desk", "SDES, AES_CM_128_HMAC_SHA1_80");
        ways.Sounded("e100", "desk", "");
        Assert.Equal([("desk", ""), ("soft", null)], registrar.Topic.Current.Select(row => (row.Device, row.Srtp)));
        Register("<sip:100@a>", 600);
        Assert.Equal("", registrar.Topic.Current.Single(row => row.Device == "desk").Srtp);

        var extension = configuration.Current.Extensions["e100"];
        configuration.Publish(configuration.Current.With(extension with { Devices = [extension.Devices[1]] }));
        configuration.Publish(configuration.Current.With(extension));
        Register("<sip:100@a>", 600);
        Assert.Null(registrar.Topic.Current.Single(row => row.Device == "desk").Srtp);
    }

    [Fact]
    public void Ways_DeviceComesBackInTime_AreFoundElseNone()
    {
        var ways = new DeviceWays(registrar, new NoSender(), clock, new RegistrarOptions());
        Register("<sip:100@a;transport=tcp>", 600, flow: Tcp(7));
        registrar.OnFlowLost(Tcp(7));
        List<int> found = [];
        ways.Find("e100", all => found.Add(all.Count));
        ways.Find("nobody", all => found.Add(all.Count));
        Assert.Equal([0], found);
        clock.Advance(TimeSpan.FromSeconds(2));
        Register("<sip:100@a;transport=tcp>", 600, flow: Tcp(9));
        Assert.Equal([0, 1], found);
        registrar.OnFlowLost(Tcp(9));
        ways.Find("e100", all => found.Add(all.Count));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([0, 1, 0], found);
        Register("<sip:100@u>;q=0.1", 600);
        Register("<sip:100@v>;q=0.9", 600);
        IReadOnlyList<Sip.Engine.Calls.Way> last = [];
        ways.Find("e100", all => last = all);
        Assert.Equal(["sip:100@v", "sip:100@u"], last.Select(way => way.Target.ToString()));
    }

    [Fact]
    public void Configuration_DeviceGone_ItsBindingsGoToo()
    {
        Register("<sip:100@a>", 600);
        Register("<sip:100@b>", 600, device: "soft");
        var extension = configuration.Current.Extensions["e100"];
        configuration.Publish(configuration.Current.With(extension with { Devices = [extension.Devices[1]] }));
        Assert.Equal(["sip:100@b"], Contacts);
        configuration.Publish(PbxSnapshot.Empty);
        Assert.Empty(Contacts);
    }

    [Fact]
    public void Configuration_HeldToEncryption_ItsBindingsInClearEnd_AtOnceAndAfterARestart()
    {
        var file = Path.Combine(folder, "bindings.jsonl");
        var extension = configuration.Current.Extensions["e100"];
        using (var before = GivenRegistrar(file))
        {
            foreach (var (contact, flow) in ((string, Flow)[])[("<sip:100@u>", Udp()), ("<sip:100@t>", Tcp(1)), ("<sip:100@s>", new Flow(SipTransport.Tls, Tcp(2).Remote, Tcp(2).Local, 2))])
                before.Register(Command(contact, 600, flow: flow), Limits);
            configuration.Publish(configuration.Current.With(new Pbx.Core.Settings.SystemSettings { Security = CallSecurity.Preferred }));
            Assert.Equal(3, before.Find("e100").Length);
            before.Register(Command("<sip:100@u>", 600), Limits);
        }
        configuration.Publish(configuration.Current.With(extension with { Security = CallSecurity.EncryptedOnly }));
        using var after = GivenRegistrar(file);
        Assert.Equal(["sip:100@s"], after.Find("e100").Select(binding => binding.Contact.ToString()));
        configuration.Publish(configuration.Current.With(extension));
        after.Register(Command("<sip:100@u>", 600), Limits);
        configuration.Publish(configuration.Current.With(new Pbx.Core.Settings.SystemSettings { Security = CallSecurity.EncryptedOnly }));
        Assert.Equal(["sip:100@s"], after.Find("e100").Select(binding => binding.Contact.ToString()));
    }

    [Fact]
    public void Restart_UdpUsableTcpAwaitingExpiredGone()
    {
        var file = Path.Combine(folder, "data", "bindings.jsonl");
        using (var before = GivenRegistrar(file))
        {
            before.Register(Command("<sip:100@u>;q=0.5, <sip:100@short>;expires=60", 600) with { Path = [SipUri.Parse("sip:sbc.example;lr")] }, Limits);
            before.Register(Command("<sip:100@t;transport=tcp>", 600, flow: Tcp(3)), Limits);
            before.Register(Command("<sip:100@gone>", 600), Limits with { MaxContacts = 9 });
            before.Register(Command("<sip:100@gone>", 0), Limits);
        }
        File.AppendAllText(file, "{\"Extension\":\"e1");
        clock.Advance(TimeSpan.FromSeconds(100));
        using var after = GivenRegistrar(file);
        Assert.Equal(["sip:100@u", "sip:100@t;transport=tcp"], after.Find("e100").Select(binding => binding.Contact.ToString()));
        var (udp, tcp) = (after.Find("e100")[0], after.Find("e100")[1]);
        Assert.False(udp.AwaitsReconnection);
        Assert.Equal(Udp().Remote, udp.Source);
        Assert.Equal((500, "sip:sbc.example;lr"), (udp.Preference, udp.Path[0].ToString()));
        Assert.True(tcp.AwaitsReconnection);
        Assert.Equal(200, after.Register(Command("<sip:100@t;transport=tcp>", 600, "new", 1, flow: Tcp(4)), Limits).Status);
        Assert.False(after.Find("e100")[1].AwaitsReconnection);
    }

    [Fact]
    public void Journal_ManyRefreshes_StaysSmall()
    {
        var file = Path.Combine(folder, "bindings.jsonl");
        using (var before = GivenRegistrar(file))
            for (var i = 0; i < 10; i++)
            {
                for (var j = 0; j < 1000; j++)
                    before.Register(Command("<sip:100@a>", 600), Limits);
                SpinWait.SpinUntil(() => before.Unwritten == 0, TimeSpan.FromSeconds(60));
            }
        Assert.InRange(File.ReadLines(file).Count(), 1, 5000);
        using var after = GivenRegistrar(file);
        Assert.Equal(1, after.Count);
    }

    [Fact]
    public void Restart_DeviceRegistersMeanwhile_HasOneBinding()
    {
        var file = Path.Combine(folder, "registrations");
        using (var before = GivenRegistrar(file)) before.Register(Command("<sip:100@a>", 600, "old"), Limits);

        using var after = new TheRegistrar(configuration, new SteadyClock(clock), new RegistrarOptions { JournalFile = file }, NullLogger<TheRegistrar>.Instance);
        after.Register(Command("<sip:100@a>", 900, "new"), Limits);
        after.Start();

        Assert.Equal("new", Assert.Single(after.Find("e100")).CallId);
    }

    [Fact]
    public void Journal_LinesComeWhileItStarts_HandsOutOnlyThoseOfTheLastRun()
    {
        const int lines = 20_000;
        registrar.Register(Command("<sip:100@a>", 600), Limits);
        var binding = registrar.Find("e100")[0];
        var file = Path.Combine(folder, "registrations");
        using (var before = new BindingJournal(file, _ => { }))
        {
            before.Start();
            for (var i = 0; i < lines; i++) before.Put(binding with { Extension = $"old{i}" });
        }

        using var after = new BindingJournal(file, _ => { });
        for (var i = 0; i < lines; i++) after.Put(binding with { Extension = $"new{i}" });

        var left = after.Start();
        Assert.Equal(lines, left.Count);
        Assert.All(left, each => Assert.StartsWith("old", each.Extension, StringComparison.Ordinal));
    }

    private sealed class NoSender : ISipSender
    {
        public bool Send(Flow flow, ReadOnlyMemory<byte> message) => false;

        public Flow? FlowTo(SipTransport transport, IPEndPoint remote) => null;

        public PublicAddress AddressFor(Flow flow) => new("192.0.2.1", 5060, "UDP");

        public Flow FlowForResponse(SipRequest request, Flow receivedOn) => receivedOn;
    }
}
