using System.Globalization;
using Pbx.Core.Live;
using Pbx.Core.Trunks;
using Pbx.Sip.Authentication;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>How an attempt to register ended.</summary>
internal enum RegistrationOutcome
{
    /// <summary>Registered.</summary>
    Registered,
    /// <summary>This server cannot be used: the next may.</summary>
    ServerFailed,
    /// <summary>The account was refused: no server will take it.</summary>
    Refused,
}

/// <summary>
/// Our registration at a provider (RFC 3261 section 10.2): one Call-ID for its whole life, rising CSeq, challenges answered, a longer
/// interval taken when asked (423). On the trunk's shard.
/// </summary>
internal sealed class TrunkRegistration
{
    private const int MostChallenges = 3;

    private readonly SipEndpoint endpoint;
    private readonly Trunk trunk;
    private readonly DigestClient digest;
    private readonly ShardTimer refresh;
    private readonly string callId;
    private readonly string tag;
    private uint cseq;
    private int expires;
    private int challenges;
    private Flow? flow;
    private TrunkRequest? request;

    /// <summary>A registration that has not been tried. <paramref name="refreshDue"/> is called when it is to be renewed.</summary>
    public TrunkRegistration(SipEndpoint endpoint, Trunk trunk, Action refreshDue)
    {
        (this.endpoint, this.trunk) = (endpoint, trunk);
        digest = new DigestClient(TrunkAddress.AuthenticationNameOf(trunk), trunk.Password?.Reveal() ?? "");
        refresh = endpoint.Shard.CreateTimer(refreshDue);
        callId = endpoint.Shard.Ids.NewCallId();
        tag = endpoint.Shard.Ids.NewTag();
        expires = trunk.ExpiresSeconds;
    }

    /// <summary>True while the provider holds a binding of ours.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The seconds granted last.</summary>
    public int Granted { get; private set; }

    /// <summary>Registers, or renews, by a flow. The outcome comes with words for the console, and the response if there was one.</summary>
    public void Register(Flow by, Action<RegistrationOutcome, string, SipResponse?> done)
    {
        request?.Forget();
        refresh.Stop();
        (flow, challenges) = (by, 0);
        Send(expires, response => OnAnswer(response, done));
    }

    /// <summary>Takes the binding away, as well as it goes; <paramref name="done"/> is called in any case.</summary>
    public void Unregister(Action done)
    {
        request?.Forget();
        refresh.Stop();
        if (!IsRegistered || flow is null)
        {
            done();
            return;
        }
        IsRegistered = false;
        challenges = 0;
        void OnRemoved(SipResponse? response)
        {
            if (response is { Status: 401 or 407 } && challenges++ < MostChallenges && digest.Accept(response)) Send(0, OnRemoved);
            else done();
        }
        Send(0, OnRemoved);
    }

    /// <summary>Stops its timers; nothing is heard of it any more.</summary>
    public void Forget()
    {
        request?.Forget();
        refresh.Stop();
    }

    private void Send(int seconds, Action<SipResponse?> done)
    {
        var account = new NameAddress(null, TrunkAddress.AccountOf(trunk));
        var builder = SipRequestBuilder.Create(SipMethods.Register, TrunkAddress.Of(trunk, null), account.WithTag(tag), account, callId, ++cseq)
            .Contact(endpoint.Sender.AddressFor(flow!).Contact(trunk.UserName))
            .Add(HeaderId.Expires, seconds.ToString(CultureInfo.InvariantCulture));
        digest.Authorize(builder);
        request = new TrunkRequest(endpoint.Shard, done);
        endpoint.Transactions.Send(builder, flow!, request);
    }

    private void OnAnswer(SipResponse? response, Action<RegistrationOutcome, string, SipResponse?> done)
    {
        switch (response?.Status)
        {
            case null:
                End(RegistrationOutcome.ServerFailed, $"{TrunkWords.NoAnswerTo} REGISTER");
                break;
            case >= 200 and < 300:
                OnRegistered(response, done);
                break;
            case 401 or 407 when challenges++ < MostChallenges && digest.Accept(response):
                Send(expires, next => OnAnswer(next, done));
                break;
            case 401 or 407 or 403:
                End(RegistrationOutcome.Refused, $"{TrunkWords.PasswordRefused} ({response.Status})");
                break;
            // §10.2.8: no shorter than the registrar wants it.
            case 423 when response.MinExpires is { } least && least > expires && least <= 86400:
                expires = (int)least;
                Send(expires, next => OnAnswer(next, done));
                break;
            case 404 or 604 or >= 400 and < 408:
                End(RegistrationOutcome.Refused, $"{TrunkWords.RegisterRefused} {response.Status} {response.Reason}");
                break;
            default:
                End(RegistrationOutcome.ServerFailed, $"{TrunkWords.RegisterFailed} {response.Status} {response.Reason}");
                break;
        }

        void End(RegistrationOutcome outcome, string words)
        {
            IsRegistered = false;
            done(outcome, words, response);
        }
    }

    private void OnRegistered(SipResponse response, Action<RegistrationOutcome, string, SipResponse?> done)
    {
        IsRegistered = true;
        Granted = GrantedBy(response);
        refresh.Start(Backoff.RefreshAfter(Granted));
        done(RegistrationOutcome.Registered, $"{TrunkWords.RegisteredFor} {Granted} s", response);
    }

    /// <summary>Section 10.2.4: the expires of our contact, else that of the response, else what we asked for.</summary>
    private int GrantedBy(SipResponse response)
    {
        var ours = endpoint.Sender.AddressFor(flow!).Contact(trunk.UserName);
        var contact = response.Contacts.FirstOrDefault(c => c.Uri.User == ours.User && c.Uri.Host == ours.Host && c.Uri.EffectivePort == ours.EffectivePort)
            ?? (response.Contacts.Count == 1 ? response.Contacts[0] : null);
        return int.TryParse(contact?.Parameters["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? seconds
            : (int)Math.Clamp(response.Expires ?? (uint)expires, 1, 86400);
    }
}
