using Pbx.Core.Common;
using Pbx.Core.Live;

namespace Pbx.Sip.Engine.Live;

/// <summary>All that the engine shows of itself, each from its owner.</summary>
internal sealed record LiveView(ILiveTopic<ValueList<LiveCall>> Calls, ILiveTopic<ValueList<LiveRegistration>> Registrations,
    ILiveTopic<ValueList<LiveRefusal>> Refusals, ILiveTopic<ValueList<LiveTrunk>> Trunks, ILiveTopic<ValueList<LiveQueue>> Queues) : ILiveView;
