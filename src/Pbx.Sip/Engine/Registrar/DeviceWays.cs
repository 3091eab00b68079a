using System.Collections.Immutable;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>Finds the ways to the devices of an extension for calls.</summary>
internal sealed class DeviceWays : IExtensionWays
{
    private readonly Registrar registrar;
    private readonly ISipSender sender;
    private readonly TimeProvider time;
    private readonly RegistrarOptions options;

    /// <summary>Looks up in this registrar.</summary>
    public DeviceWays(Registrar registrar, ISipSender sender, TimeProvider time, RegistrarOptions options) =>
        (this.registrar, this.sender, this.time, this.options) = (registrar, sender, time, options);

    /// <summary>
    /// All devices that can be reached, the preferred first. When there are only such whose connection is to come back, waits for the first
    /// of them, but not long; empty when none came. Answers once, on any thread.
    /// </summary>
    public void Find(string extension, Action<IReadOnlyList<Way>> found)
    {
        var all = registrar.Find(extension);
        var ways = WaysOf(all);
        if (ways.Count > 0 || all.IsEmpty)
            found(ways);
        else
            new Wait(this, extension, found).Begin();
    }

    /// <inheritdoc/>
    public void Sounded(string extension, string device, string keys) => registrar.Sounds.Add(extension, device, keys);

    private List<Way> WaysOf(ImmutableArray<Binding> all) =>
        [.. all.OrderByDescending(binding => binding.Preference).Select(binding => WayTo(binding) is { } way ? way with { Security = registrar.SecurityOf(binding.Extension) } : null)
            .OfType<Way>()];

    /// <summary>The way to a binding; null while it cannot be reached. A binding of the last run over UDP gets a socket of this one.</summary>
    internal Way? WayTo(Binding binding)
    {
        var flow = binding.Flow ?? (binding.Transport == SipTransport.Udp ? sender.FlowTo(SipTransport.Udp, binding.Source) : null);
        return flow is null ? null : new Way { Flow = flow, Target = binding.Contact.WithoutHeaders(), Routes = binding.Path, By = binding.Device };
    }

    /// <summary>A call that waits for a device to come back.</summary>
    private sealed class Wait(DeviceWays owner, string extension, Action<IReadOnlyList<Way>> found)
    {
        private ITimer? timer;
        private int done;

        public void Begin()
        {
            owner.registrar.Changed += OnChanged;
            timer = owner.time.CreateTimer(_ => End(), null, owner.options.ReconnectionWait, Timeout.InfiniteTimeSpan);
            // It may have come back between the look-up and the subscription.
            OnChanged(extension);
        }

        private void OnChanged(string changed)
        {
            if (changed == extension && (owner.registrar.IsRegistered(extension) || owner.registrar.Find(extension).IsEmpty))
                End();
        }

        private void End()
        {
            if (Interlocked.Exchange(ref done, 1) != 0)
                return;
            owner.registrar.Changed -= OnChanged;
            timer?.Dispose();
            found(owner.WaysOf(owner.registrar.Find(extension)));
        }
    }
}
