using System.Collections.Immutable;
using System.Globalization;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>How a REGISTER changes the bindings of an extension (RFC 3261 §10.3 steps 6 to 8): all of it or nothing. Pure.</summary>
internal static class BindingRules
{
    /// <summary>The status, and the bindings after it; unchanged unless it is 200.</summary>
    public static (int Status, ImmutableArray<Binding> After) Apply(ImmutableArray<Binding> before, RegisterCommand command,
        RegisterLimits limits, DateTimeOffset now)
    {
        if (command.All)
            return RemoveAll(before, command);
        var after = before.ToBuilder();
        foreach (var contact in command.Contacts)
        {
            var status = Apply(after, contact, command, limits, now);
            if (status != 200)
                return (status, before);
        }
        return (200, after.ToImmutable());
    }

    private static (int Status, ImmutableArray<Binding> After) RemoveAll(ImmutableArray<Binding> before, RegisterCommand command)
    {
        if (command.Expires != 0)
            return (400, before);
        return before.Any(binding => IsOlder(command, binding)) ? (500, before) : (200, []);
    }

    private static int Apply(ImmutableArray<Binding>.Builder bindings, NameAddress contact, RegisterCommand command, RegisterLimits limits,
        DateTimeOffset now)
    {
        // §10.2.1: other schemes can be registered by the letter, but nothing here could reach them.
        if (!contact.Uri.IsSip)
            return 400;
        var seconds = command.SecondsOf(contact, (uint)limits.MaxSeconds);
        // §10.3 step 7: too brief is what is below the minimum and also below an hour.
        if (seconds > 0 && seconds < limits.MinSeconds && seconds < 3600)
            return 423;
        var index = IndexOf(bindings, contact, command.Device);
        if (index >= 0 && IsOlder(command, bindings[index]))
            return 500;
        if (seconds == 0)
        {
            if (index >= 0)
                bindings.RemoveAt(index);
            return 200;
        }
        if (index < 0 && bindings.Count >= limits.MaxContacts && !MakeRoom(bindings, command.Device))
            return 403;
        var made = Make(contact, command, index < 0 ? now : bindings[index].RegisteredAt,
            now.AddSeconds(Math.Min(seconds, (uint)limits.MaxSeconds)));
        if (index < 0)
            bindings.Add(made);
        else
            bindings[index] = made;
        return 200;
    }

    /// <summary>§10.3: with the same Call-ID only a higher CSeq is newer; another Call-ID means that the device has restarted.</summary>
    private static bool IsOlder(RegisterCommand command, Binding binding) => command.CallId == binding.CallId && command.CSeq <= binding.CSeq;

    /// <summary>A device that changed its address without a word leaves bindings behind: its own oldest one gives way.</summary>
    private static bool MakeRoom(ImmutableArray<Binding>.Builder bindings, string device)
    {
        var oldest = bindings.Where(binding => binding.Device == device).MinBy(binding => binding.ExpiresAt);
        return oldest is not null && bindings.Remove(oldest);
    }

    private static int IndexOf(ImmutableArray<Binding>.Builder bindings, NameAddress contact, string device)
    {
        for (var i = 0; i < bindings.Count; i++)
            if (bindings[i].IsMeantBy(device, contact))
                return i;
        return -1;
    }

    private static Binding Make(NameAddress contact, RegisterCommand command, DateTimeOffset registeredAt, DateTimeOffset expiresAt) => new()
    {
        Extension = command.Extension, Device = command.Device, Contact = contact.Uri, CallId = command.CallId, CSeq = command.CSeq,
        RegisteredAt = registeredAt, ExpiresAt = expiresAt, Preference = PreferenceOf(contact), Path = command.Path,
        Transport = command.Flow.Transport, Source = command.Flow.Remote, Flow = command.Flow, UserAgent = command.UserAgent,
        Instance = contact.Parameters["+sip.instance"] ?? "", RegId = contact.Parameters["reg-id"] ?? "",
    };

    private static int PreferenceOf(NameAddress contact) =>
        decimal.TryParse(contact.Parameters["q"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) && q is >= 0 and <= 1
            ? (int)(q * 1000)
            : 1000;
}
