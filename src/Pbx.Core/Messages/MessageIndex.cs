using System.Collections.Immutable;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>
/// All messages in memory, so that calls and lists need no database. What happens before the stored ones are loaded wins over what is
/// loaded then. Not safe for threads: its owner locks.
/// </summary>
internal sealed class MessageIndex
{
    private readonly Dictionary<string, Dictionary<Guid, MessageInfo>> boxes = [];
    private readonly HashSet<Guid> deleted = [];
    private readonly Dictionary<Guid, bool> heardEarly = [];

    /// <summary>The stored messages have been loaded.</summary>
    public bool Loaded { get; private set; }

    /// <summary>Adds a message that was just kept; one that is there or was deleted stays so.</summary>
    public bool Add(string mailbox, MessageInfo message)
    {
        if (deleted.Contains(message.Id)) return false;
        if (heardEarly.Remove(message.Id, out var heard)) message = message with { Heard = heard };
        return Box(mailbox).TryAdd(message.Id, message);
    }

    /// <summary>Adds all stored messages.</summary>
    public void Load(IEnumerable<(string Mailbox, MessageInfo Message)> stored)
    {
        foreach (var (mailbox, message) in stored) Add(mailbox, message);
        Loaded = true;
        heardEarly.Clear();
    }

    /// <summary>Marks a message. False when that changes nothing: it is gone or was never there.</summary>
    public bool Mark(string mailbox, Guid message, MessageMark mark)
    {
        var box = Box(mailbox);
        var known = box.TryGetValue(message, out var info);
        if (!known && Loaded) return false;
        if (mark == MessageMark.Deleted)
        {
            box.Remove(message);
            return deleted.Add(message);
        }
        var heard = mark == MessageMark.Heard;
        if (known) box[message] = info! with { Heard = heard };
        else heardEarly[message] = heard;
        return !known || info!.Heard != heard;
    }

    /// <summary>A mailbox's messages, newest first.</summary>
    public IReadOnlyList<MessageInfo> List(string mailbox) =>
        boxes.TryGetValue(mailbox, out var box) ? [.. box.Values.OrderByDescending(m => m.ReceivedAt).ThenBy(m => m.Id)] : [];

    /// <summary>True when the message can be heard as far as is known.</summary>
    public bool MayHave(string mailbox, Guid message) => !deleted.Contains(message) && (!Loaded || Box(mailbox).ContainsKey(message));

    /// <summary>How many messages each mailbox holds.</summary>
    public ImmutableDictionary<string, MailboxCount> Counts() => boxes.Where(b => b.Value.Count > 0).ToImmutableDictionary(b => b.Key, b => Count(b.Value));

    /// <summary>How many messages a mailbox holds.</summary>
    public MailboxCount CountOf(string mailbox) => boxes.TryGetValue(mailbox, out var box) ? Count(box) : default;

    private static MailboxCount Count(Dictionary<Guid, MessageInfo> box)
    {
        var heard = box.Values.Count(m => m.Heard);
        return new MailboxCount(box.Count - heard, heard);
    }

    private Dictionary<Guid, MessageInfo> Box(string mailbox)
    {
        if (!boxes.TryGetValue(mailbox, out var box)) boxes[mailbox] = box = [];
        return box;
    }
}
