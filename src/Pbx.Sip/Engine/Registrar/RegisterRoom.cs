using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Sip.Defence;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>Answers REGISTER (RFC 3261 §10.3): who it is, what it asks, and what there is afterwards.</summary>
internal sealed class RegisterRoom(Registrar registrar, DeviceAuthenticator authenticator, IRefusals refused, ISnapshotSource snapshots, SteadyClock time)
    : IEndpointRoom
{
    /// <inheritdoc/>
    public void Enter(SipEndpoint endpoint)
    {
        endpoint.Handle(SipMethods.Register, OnRegister);
        // Each shard hears of a lost connection; once is enough here.
        if (endpoint.Shard.Number == 0)
            endpoint.FlowLost += registrar.OnFlowLost;
    }

    private void OnRegister(IServerTransaction transaction)
    {
        var request = transaction.Request;
        var identity = authenticator.Identify(transaction);
        if (identity.Answer is { } answer)
        {
            transaction.Respond(answer);
            return;
        }
        // §10.3 step 4: a device registers its own extension and no other.
        if (identity.Extension!.Number != request.To.Uri.User)
        {
            refused.Add(request, transaction.Flow, identity.UserName, RefusalCause.OtherNumber);
            transaction.Respond(SipResponseBuilder.For(request, 403, transaction.LocalTag).Build());
            return;
        }
        var settings = snapshots.Current.Settings;
        var limits = new RegisterLimits(settings.MinExpiresSeconds, settings.MaxExpiresSeconds, settings.MaxContacts);
        var outcome = registrar.Register(RegisterCommand.Of(request, identity.Extension.Key, identity.Device!.Key, transaction.Flow), limits);
        if (outcome.Status == 403) refused.Add(request, transaction.Flow, identity.UserName, RefusalCause.TooManyContacts);
        transaction.Respond(Answer(transaction, outcome, limits));
    }

    private SipResponse Answer(IServerTransaction transaction, RegisterOutcome outcome, RegisterLimits limits)
    {
        var request = transaction.Request;
        var response = SipResponseBuilder.For(request, outcome.Status, transaction.LocalTag, PhraseOf(outcome.Status));
        if (outcome.Status == 423)
            response.Add(HeaderId.MinExpires, Text(limits.MinSeconds));
        if (outcome.Status != 200)
            return response.Build();
        var now = time.GetUtcNow();
        foreach (var binding in outcome.Bindings)
            response.Add(HeaderId.Contact, ContactOf(binding, now));
        // RFC 3327 §5.3: the path is shown to the device as it was stored.
        foreach (var path in request.Headers(HeaderId.Path))
            response.Add(HeaderId.Path, path);
        return response.Add(HeaderId.Supported, "path")
            .Add(HeaderId.Date, time.Wall.GetUtcNow().UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture)).Build();
    }

    private static string ContactOf(Binding binding, DateTimeOffset now)
    {
        var parameters = SipParameters.None.With("expires", Text((int)Math.Ceiling((binding.ExpiresAt - now).TotalSeconds)));
        if (binding.Preference < 1000)
            parameters = parameters.With("q", (binding.Preference / 1000m).ToString("0.###", CultureInfo.InvariantCulture));
        return new NameAddress(null, binding.Contact, parameters).ToString();
    }

    private static string? PhraseOf(int status) => status switch
    {
        403 => "Too Many Contacts",
        500 => "Out Of Order",
        _ => null,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
