using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Extensions;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Sip.Authentication;
using Pbx.Sip.Defence;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>Who a request is from: a device, or the response that asks who, or refuses.</summary>
internal readonly record struct DeviceIdentity(Extension? Extension, Device? Device, SipResponse? Answer, string? UserName = null)
{
    /// <summary>True when the device is known.</summary>
    public bool IsKnown => Device is not null;
}

/// <summary>
/// Tells by digest which device a request is from (RFC 3261 §22). A wrong password is challenged again, which the
/// device takes as refusal, and logged; a stale nonce is said to be stale. Users that exist and that do not are met in the same steps and
/// words. From any thread.
/// </summary>
internal sealed class DeviceAuthenticator(DigestServer digest, DigestPolicy policy, GuessGuard guesses, ClearPolicy clearPolicy, IRefusals refused,
    ISnapshotSource snapshots, SteadyClock time, RegistrarOptions options, ILogger<DeviceAuthenticator> logger)
{
    /// <summary>When a device may try again whose account strangers guess at: in the next minute there is a new budget.</summary>
    private const string LaterSeconds = "60";

    /// <summary>Judges a request; the answer, when there is one, must be sent by the caller.</summary>
    public DeviceIdentity Identify(IServerTransaction transaction)
    {
        var request = transaction.Request;
        var snapshot = snapshots.Current;
        var now = time.GetUtcNow();
        if (clearPolicy.Refusal(request, transaction.Flow, transaction.LocalTag) is { } refusal)
        {
            Note(null, RefusalCause.InClear);
            return new(null, null, refusal);
        }
        if (DigestServer.UserNameOf(request, options.Realm) is { } user && !guesses.MayTry(user, transaction.Flow))
        {
            Note(user, RefusalCause.AccountGuarded);
            return new(null, null, SipResponseBuilder.For(request, 503, transaction.LocalTag).Add(HeaderId.RetryAfter, LaterSeconds).Build());
        }
        var check = digest.Check(request, options.Realm, now, name => UserOf(snapshot, name));
        switch (check.Verdict)
        {
            case DigestVerdict.Right:
                var (extension, device) = Find(snapshot, check.UserName!)!.Value;
                guesses.Right(check.UserName!, transaction.Flow);
                if (ClearPolicy.IsClear(transaction.Flow) && snapshot.SecurityOf(extension) == CallSecurity.EncryptedOnly)
                {
                    Note(check.UserName, RefusalCause.InClear);
                    logger.DeviceInClear(extension.Number, device.Key, transaction.Flow.Remote.ToString());
                    return new(null, null, ClearPolicy.EncryptionRequired(request, transaction.LocalTag));
                }
                return new(extension, device, null, check.UserName);
            case DigestVerdict.Malformed:
                return new(null, null, SipResponseBuilder.For(request, 400, transaction.LocalTag, "Malformed Credentials").Build());
            case DigestVerdict.Wrong:
                guesses.Wrong(check.UserName!, request, transaction.Flow);
                Note(check.UserName, RefusalCause.WrongPassword);
                logger.DeviceRefused(PacketText.Printable(check.UserName!), transaction.Flow.Remote.ToString());
                break;
        }
        return new(null, null, digest.Challenge(request, transaction.LocalTag, options.Realm, policy.Offered(snapshot, request, options.Realm),
            check.Verdict == DigestVerdict.Stale, now).Build());

        void Note(string? user, RefusalCause cause) => refused.Add(request, transaction.Flow, user, cause);
    }

    /// <summary>How strictly an extension's media is encrypted now.</summary>
    public CallSecurity SecurityOf(Extension extension) => snapshots.Current.SecurityOf(extension);

    private static DigestUser? UserOf(PbxSnapshot snapshot, string user) => Find(snapshot, user) is var (_, device) && device.Password is { } password
        ? new DigestUser(password.Reveal(), DigestPolicy.Taken(device.Digest))
        : null;

    private static (Extension Extension, Device Device)? Find(PbxSnapshot snapshot, string user)
    {
        if (!snapshot.DeviceUsers.TryGetValue(user, out var name) || !snapshot.Extensions.TryGetValue(name.Extension, out var extension))
            return null;
        foreach (var device in extension.Devices)
            if (device.Key == name.Device)
                return (extension, device);
        return null;
    }
}
