using Pbx.Core.CallFlow;
using Pbx.Core.Common;

namespace Pbx.Sip.Engine.Calls;

/// <summary>One step of a call: what came in, what the machine could see, and what it asked for.</summary>
/// <param name="Input">What happened.</param>
/// <param name="Context">The consistent moment that the machine looked at (its snapshot is shared, not copied).</param>
/// <param name="Actions">What the machine asked for.</param>
internal sealed record CallLogEntry(CallInput Input, CallContext Context, ValueList<CallAction> Actions);

/// <summary>Everything that a call's machine was told and answered, in order: enough to run it again.</summary>
internal sealed class CallLog
{
    private readonly List<CallLogEntry> entries = [];

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<CallLogEntry> Entries => entries;

    /// <summary>Adds a step.</summary>
    public void Add(CallInput input, CallContext context, ValueList<CallAction> actions) =>
        entries.Add(new CallLogEntry(input, context, actions));

    /// <summary>
    /// Runs the machine again over the same inputs. Null when it asked for the same actions at every step, else the number of the first
    /// step where it did not.
    /// </summary>
    public int? FirstDifference()
    {
        var state = CallState.Initial;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            (state, var actions) = CallMachine.Step(state, entry.Input, entry.Context);
            if (!entry.Actions.Equals(actions)) return i;
        }
        return null;
    }
}
