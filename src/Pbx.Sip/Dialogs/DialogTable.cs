using Pbx.Sip.Messages;

namespace Pbx.Sip.Dialogs;

/// <summary>The dialogs of one shard, found by key only. Belongs to the shard's thread; the count may be read from anywhere.</summary>
internal sealed class DialogTable
{
    private readonly Dictionary<DialogId, IDialogUsage> usages = [];

    private int invites;

    /// <summary>How many dialogs there are, early ones included.</summary>
    public int Count => usages.Count;

    /// <summary>How many of them are INVITE dialogs; the others are subscriptions.</summary>
    public int Invites => Volatile.Read(ref invites);

    /// <summary>Puts a dialog in.</summary>
    public void Add(DialogId id, IDialogUsage usage)
    {
        if (usages.TryAdd(id, usage)) CountInvite(usage, 1);
    }

    /// <summary>Takes a dialog out, if it is this usage's.</summary>
    public void Remove(DialogId id, IDialogUsage usage)
    {
        if (usages.TryGetValue(id, out var held) && held == usage && usages.Remove(id)) CountInvite(usage, -1);
    }

    /// <summary>The usage of the dialog that a received request names, or null.</summary>
    public IDialogUsage? Find(SipRequest request) => usages.GetValueOrDefault(DialogId.OfReceived(request));

    /// <summary>The usage of the dialog that a received response names, or null.</summary>
    public IDialogUsage? Find(SipResponse response) => usages.GetValueOrDefault(DialogId.OfReceived(response));

    private void CountInvite(IDialogUsage usage, int difference)
    {
        if (usage is InviteUsage) Volatile.Write(ref invites, invites + difference);
    }
}
