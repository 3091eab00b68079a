using Pbx.Core.CallFlow;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Engine.Calls;

/// <summary>Writes the INVITE of a dialled leg.</summary>
internal static class Invitation
{
    /// <summary>The INVITE to one device or trunk, without what the dialog adds.</summary>
    public static SipRequestBuilder Build(Call call, Way way, CallAction.Dial dial)
    {
        var ids = call.Shard.Ids;
        var from = (way.From ?? CallerAt(call, way, dial)).WithTag(ids.NewTag());
        var to = way.To ?? new NameAddress(null, way.Target.WithParameters(SipParameters.None).WithoutHeaders());
        var request = SipRequestBuilder.Create(SipMethods.Invite, way.Target.WithoutHeaders(), from, to, ids.NewCallId(), 1).Routes(way.Routes);
        foreach (var (id, value) in way.Headers) request.Add(id, value);
        return request;
    }

    /// <summary>
    /// The caller as devices show it. RFC 3323 section 4.1: who withheld the number stays anonymous.
    /// </summary>
    private static NameAddress CallerAt(Call call, Way way, CallAction.Dial dial)
    {
        if (dial.CallerNumber.Length == 0)
            return new NameAddress("Anonymous", new SipUri("anonymous", "anonymous.invalid"));
        var address = call.Services.Dialogs.Transactions.AddressFor(way.Flow);
        return new NameAddress(dial.CallerName.Length > 0 ? dial.CallerName : null, new SipUri(dial.CallerNumber, address.Host));
    }
}
