using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;
using Pbx.Sip.Authentication;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Defence;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transport;
using TheRegistrar = Pbx.Sip.Engine.Registrar.Registrar;

namespace Pbx.Sip.Tests.Engine.Registrar;

/// <summary>A phone and the server on a network in memory.</summary>
public sealed class RegisterRoomTests : IDisposable, ITransportUser
{
    private static readonly Flow Line = new(SipTransport.Udp, IPEndPoint.Parse("10.0.0.1:5060"), IPEndPoint.Parse("10.0.0.9:5060"));
    private readonly LoopbackWorld world = new();
    private readonly LoopbackTransport phone;
    private readonly TheRegistrar registrar;
    private readonly FakeConfiguration configuration;
    private readonly RefusedDevices refused;
    private readonly CountedVoicemail voicemail = new();
    private readonly MessageWaiting waiting;
    private readonly List<SipMessage> heard = [];
    private uint cseq;

    public RegisterRoomTests()
    {
        var options = new RegistrarOptions();
        configuration = new FakeConfiguration(PbxSnapshot.Empty.With(new Mailbox { Key = "box", Name = "Box", Number = "900", Site = "main" })
            .With(Person("100", DigestAlgorithms.Md5) with { Mailbox = "box" }).With(Person("101", DigestAlgorithms.Md5 | DigestAlgorithms.Sha256)));
        var house = new DefenceHouse(configuration, world.Clock);
        registrar = new TheRegistrar(configuration, house.Steady, options, NullLogger<TheRegistrar>.Instance);
        var authenticator = house.Authenticator;
        world.Gate = house.Gate;
        var (later, sender) = (new LateSender(), world.Network);
        waiting = new MessageWaiting(registrar, authenticator, new DeviceWays(registrar, later, world.Clock, options), configuration, voicemail,
            new SipCounters(), options);
        (_, later.Inner) = Join(new RegisterRoom(registrar, authenticator, refused = house.Refused, configuration, house.Steady));
        registrar.Appeared += refused.Forget;
        registrar.Start();
        phone = sender.Join(IPEndPoint.Parse("10.0.0.9:5060"));
        phone.User = this;
    }

    private (object, ISipSender) Join(RegisterRoom room)
    {
        var (stack, transport) = world.Join("10.0.0.1", 1, room, waiting);
        return (stack, transport);
    }

    public void Dispose()
    {
        waiting.Dispose();
        registrar.Dispose();
        world.Dispose();
    }

    void ITransportUser.OnReceived(SipParseResult result, Flow flow)
    {
        heard.Add(result.Message!);
        if (result.Message is SipRequest { Method: SipMethods.Notify } notify)
            phone.Send(Line, SipResponseBuilder.For(notify, 200, "phone").Build().Bytes);
    }

    void ITransportUser.OnFlowLost(Flow flow)
    {
    }

    private static Extension Person(string number, DigestAlgorithms algorithms) => new()
    {
        Key = "e" + number, Number = number, Name = "Person", Site = "main", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "desk", UserName = number + "u", Password = new Secret("pw" + number), Digest = algorithms }],
    };

    private SipRequestBuilder Request(string method, string to = "sip:100@pbx.example") =>
        SipRequestBuilder.Create(method, SipUri.Parse("sip:pbx.example"), new NameAddress(null, SipUri.Parse(to)).WithTag("f"),
            new NameAddress(null, SipUri.Parse(to)), "phone-call", ++cseq);

    private SipResponse Ask(SipRequestBuilder request)
    {
        heard.Clear();
        phone.Send(Line, request.ReplaceVia(new Via("UDP", "10.0.0.9", 5060, SipParameters.None.With("branch", $"z9hG4bK{cseq}"))).Build().Bytes);
        world.Settle();
        return heard.OfType<SipResponse>().Single();
    }

    private SipResponse AskAs(string user, string password, SipRequestBuilder request)
    {
        var challenge = Ask(request);
        Assert.Equal(401, challenge.Status);
        var client = new DigestClient(user, password);
        Assert.True(client.Accept(challenge));
        client.Authorize(request.Set(HeaderId.CSeq, $"{++cseq} {request.Method}"));
        return Ask(request);
    }

    private SipRequestBuilder Register(string to = "sip:100@pbx.example") =>
        Request(SipMethods.Register, to).Add(HeaderId.Contact, "<sip:100@10.0.0.9:5060>;q=0.7").Add(HeaderId.Expires, "300");

    [Fact]
    public void REGISTER_WithPassword_IsKeptAndShown()
    {
        var answer = AskAs("100u", "pw100", Register().Add(HeaderId.Path, "<sip:sbc.example;lr>"));
        Assert.Equal(200, answer.Status);
        Assert.Equal("<sip:100@10.0.0.9:5060>;expires=300;q=0.7", answer.Header(HeaderId.Contact));
        Assert.Equal("<sip:sbc.example;lr>", answer.Header(HeaderId.Path));
        var binding = Assert.Single(registrar.Find("e100"));
        Assert.Equal(("desk", "sip:sbc.example;lr"), (binding.Device, binding.Path[0].ToString()));
        Assert.Equal("UDP", registrar.Topic.Current[0].Transport);
    }

    [Theory]
    [InlineData("100u", "wrong", 401)]
    [InlineData("nobody", "pw100", 401)]
    [InlineData("101u", "pw101", 403)]
    public void REGISTER_NotEntitled_IsRefusedAndNothingKept(string user, string password, int status)
    {
        Assert.Equal(status, AskAs(user, password, Register()).Status);
        Assert.Equal(0, registrar.Count);
    }

    [Fact]
    public void Refused_ByPassword_IsShownWithWhereFrom_UntilItRegisters_StrangersAreNot()
    {
        AskAs("nobody", "pw100", Register().Add(HeaderId.UserAgent, "Scan"));
        Assert.Empty(refused.Topic.Current);

        AskAs("100u", "wrong", Register().Add(HeaderId.UserAgent, "Phone 1"));
        AskAs("100u", "wrong", Register().Add(HeaderId.UserAgent, "Phone 1"));
        var row = Assert.Single(refused.Topic.Current);
        Assert.Equal(new LiveRefusal("e100", "desk", "10.0.0.9", "UDP", "Phone 1", RefusalCause.WrongPassword, world.Clock.GetUtcNow(), 2), row);

        Assert.Equal(200, AskAs("100u", "pw100", Register()).Status);
        Assert.Empty(refused.Topic.Current);
    }

    [Fact]
    public void Refused_AsItRegistersAnotherNumber_OrHasNoRoom_IsShown()
    {
        AskAs("101u", "pw101", Register());
        Assert.Equal(RefusalCause.OtherNumber, Assert.Single(refused.Topic.Current).Cause);

        configuration.Publish(configuration.Current.With(configuration.Current.Settings with { MaxContacts = 0 }));
        AskAs("100u", "pw100", Register());
        Assert.Contains(("e100", RefusalCause.TooManyContacts), refused.Topic.Current.Select(row => (row.Extension, row.Cause)));
    }

    [Fact]
    public void Refused_InClear_IsShownByItsUser_OrByItsNumberWhereNobodyIsAsked()
    {
        configuration.Publish(configuration.Current.With(configuration.Current.Extensions["e100"] with { Security = CallSecurity.EncryptedOnly }));
        Assert.Equal(403, AskAs("100u", "pw100", Register()).Status);
        Assert.Equal(("desk", RefusalCause.InClear), refused.Topic.Current.Select(row => (row.Device, row.Cause)).Single());

        configuration.Publish(configuration.Current.With(configuration.Current.Extensions["e101"] with { Security = CallSecurity.EncryptedOnly }));
        Assert.Equal(403, Ask(Register("sip:101@pbx.example")).Status);
        Assert.Contains(("e101", "", RefusalCause.InClear), refused.Topic.Current.Select(row => (row.Extension, row.Device, row.Cause)));

        world.Advance(TimeSpan.FromDays(2));
        Assert.Empty(refused.Topic.Current);
    }

    [Fact]
    public void REGISTER_Faulty_IsAnsweredAsTheRfcAsks()
    {
        Assert.Equal(400, Ask(Register("isbn:2983792873")).Status);
        var brief = AskAs("100u", "pw100", Request(SipMethods.Register).Add(HeaderId.Contact, "<sip:100@10.0.0.9>").Add(HeaderId.Expires, "5"));
        Assert.Equal((423, 60u), (brief.Status, brief.MinExpires));
    }

    [Fact]
    public void Challenge_IsWhatTheDeviceIsSetTo()
    {
        Assert.Equal(["SHA-256", "MD5"], Ask(Register("sip:101@pbx.example")).Authentications(HeaderId.WwwAuthenticate).Select(value => value["algorithm"]));
        Assert.Equal(["MD5"], Ask(Register()).Authentications(HeaderId.WwwAuthenticate).Select(value => value["algorithm"]));
    }

    [Fact]
    public void Mailbox_CountChanges_RegisteredDeviceIsToldUnasked()
    {
        AskAs("100u", "pw100", Register());
        var first = heard.OfType<SipRequest>().Single();
        Assert.Equal("Messages-Waiting: no\r\nMessage-Account: sip:900@10.0.0.1\r\nVoice-Message: 0/0 (0/0)\r\n", first.BodyText);
        heard.Clear();
        voicemail.Set("box", new MailboxCount(2, 1));
        world.Settle();
        var notify = heard.OfType<SipRequest>().Single();
        Assert.Equal("sip:100@10.0.0.9:5060", notify.RequestUriText);
        Assert.Equal("message-summary", notify.Event!.Value);
        Assert.StartsWith("Messages-Waiting: yes", notify.BodyText, StringComparison.Ordinal);
        Assert.Contains("Voice-Message: 2/1 (0/0)", notify.BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public void SUBSCRIBE_ToMessages_IsToldInItsDialogUntilItEnds()
    {
        AskAs("100u", "pw100", Register());
        var subscribe = Request(SipMethods.Subscribe).Add(HeaderId.Event, "message-summary").Add(HeaderId.Expires, "600")
            .Add(HeaderId.Contact, "<sip:100@10.0.0.9:5060>");
        var accepted = AskAs("100u", "pw100", subscribe);
        Assert.Equal((200, 600u), (accepted.Status, accepted.Expires));
        var first = heard.OfType<SipRequest>().Single();
        Assert.Equal((accepted.ToTag, "f"), (first.FromTag, first.ToTag));
        Assert.StartsWith("active;expires=600", first.Header(HeaderId.SubscriptionState), StringComparison.Ordinal);

        heard.Clear();
        voicemail.Set("box", new MailboxCount(1, 0));
        world.Settle();
        var second = heard.OfType<SipRequest>().Single();
        Assert.Equal(first.CSeq.Number + 1, second.CSeq.Number);
        Assert.Contains("Voice-Message: 1/0", second.BodyText, StringComparison.Ordinal);

        heard.Clear();
        world.Advance(TimeSpan.FromSeconds(601));
        Assert.Contains(heard.OfType<SipRequest>(), notify => notify.Header(HeaderId.SubscriptionState) == "terminated;reason=timeout");
    }

    [Fact]
    public void SUBSCRIBE_RefreshAndEnd_ByTheDevice()
    {
        var subscribe = Request(SipMethods.Subscribe).Add(HeaderId.Event, "message-summary").Add(HeaderId.Contact, "<sip:100@10.0.0.9:5060>");
        var accepted = AskAs("100u", "pw100", subscribe);
        Assert.Equal(3600u, accepted.Expires);
        subscribe.Set(HeaderId.To, accepted.To.ToString()).Set(HeaderId.Expires, "0").Set(HeaderId.CSeq, $"{++cseq} SUBSCRIBE");
        Assert.Equal(200, Ask(subscribe).Status);
        Assert.Equal("terminated;reason=timeout", heard.OfType<SipRequest>().Single().Header(HeaderId.SubscriptionState));
        subscribe.Set(HeaderId.CSeq, $"{++cseq} SUBSCRIBE");
        Assert.Equal(481, Ask(subscribe).Status);
    }

    [Fact]
    public void SUBSCRIBE_ToSomethingElse_Is489() =>
        Assert.Equal(489, AskAs("100u", "pw100", Request(SipMethods.Subscribe).Add(HeaderId.Event, "presence")).Status);

    private sealed class LateSender : ISipSender
    {
        public ISipSender? Inner { get; set; }

        public bool Send(Flow flow, ReadOnlyMemory<byte> message) => Inner!.Send(flow, message);

        public Flow? FlowTo(SipTransport transport, IPEndPoint remote) => Inner!.FlowTo(transport, remote);

        public PublicAddress AddressFor(Flow flow) => Inner!.AddressFor(flow);

        public Flow FlowForResponse(SipRequest request, Flow receivedOn) => Inner!.FlowForResponse(request, receivedOn);
    }

    private sealed class CountedVoicemail : IVoicemail
    {
        private Action<string>? changed;

        public ImmutableDictionary<string, MailboxCount> Counts { get; private set; } = ImmutableDictionary<string, MailboxCount>.Empty;

        public void Set(string mailbox, MailboxCount count)
        {
            Counts = Counts.SetItem(mailbox, count);
            changed?.Invoke(mailbox);
        }

        public IDisposable Subscribe(Action<string> countChanged)
        {
            changed = countChanged;
            return new MemoryStream();
        }

        public Task KeepAsync(NewMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<IReadOnlyList<MessageInfo>> ListAsync(string mailbox, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<MessageInfo>>([]);

        public Task MarkAsync(string mailbox, Guid message, MessageMark mark, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<string?> AudioFileAsync(string mailbox, Guid message, CancellationToken cancellationToken = default) => Task.FromResult<string?>(null);
    }
}
