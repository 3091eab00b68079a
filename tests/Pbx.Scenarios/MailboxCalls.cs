using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Calls of somebody outside to the general mailbox, by its number through the menu.</summary>
internal static class MailboxCalls
{
    /// <summary>Calls, and is at the mailbox soon.</summary>
    public static async Task DialAsync(PbxProcess pbx, Baresip caller)
    {
        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await caller.PressAsync("890");
    }

    /// <summary>Calls, speaks a tone until four seconds of it are recorded, and hangs up.</summary>
    public static async Task LeaveMessageAsync(PbxProcess pbx)
    {
        using var tone = TestSound.Tone(440);
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, tone.Path);
        await DialAsync(pbx, caller);
        await pbx.RecordedAsync(4);
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");
    }
}
