using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Defence;

/// <summary>
/// Whether devices may come in clear at all. Where no extension allows it nobody is asked who it is: a password answered to a challenge would be
/// seen on the way. From any thread.
/// </summary>
internal sealed class ClearPolicy(ISnapshotSource snapshots)
{
    // Asked for every request, so it is remembered for each snapshot.
    private Tuple<PbxSnapshot, bool>? known;

    /// <summary>The refusal of a request that comes in clear where nobody may; null otherwise.</summary>
    public SipResponse? Refusal(SipRequest request, Flow flow, string? toTag) =>
        IsClear(flow) && IsClosed(snapshots.Current) ? EncryptionRequired(request, toTag) : null;

    /// <summary>True for a way on which others can read along.</summary>
    public static bool IsClear(Flow flow) => IsClear(flow.Transport);

    /// <summary>True for a transport on which others can read along.</summary>
    public static bool IsClear(SipTransport transport) => transport is not (SipTransport.Tls or SipTransport.Wss);

    /// <summary>The answer to whoever must encrypt, the same for all.</summary>
    public static SipResponse EncryptionRequired(SipRequest request, string? toTag) => SipResponseBuilder.For(request, 403, toTag, "Encryption Required").Build();

    private bool IsClosed(PbxSnapshot snapshot)
    {
        if (known is { } last && ReferenceEquals(last.Item1, snapshot)) return last.Item2;
        var closed = !snapshot.Extensions.IsEmpty && snapshot.Extensions.Values.All(each => snapshot.SecurityOf(each) == CallSecurity.EncryptedOnly);
        known = Tuple.Create(snapshot, closed);
        return closed;
    }
}

/// <summary>Is told of devices that are not let in, so that people learn why.</summary>
internal interface IRefusals
{
    /// <summary>A request of this user name, or of the number in To where none was given, is refused. Of interest for REGISTER only; from any thread.</summary>
    void Add(SipRequest request, Flow flow, string? user, RefusalCause cause);
}
