using Microsoft.Extensions.Logging;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Trunks;

public sealed class TrunkLogTests
{
    /// <summary>What goes wrong at a provider is logged; what opens its door is not.</summary>
    [Fact]
    public void Log_OfATrunkThatFailsAndSucceeds_HoldsNoPasswordAndNoCredentials()
    {
        var log = new Lines();
        using var world = new TrunkWorld(log, TrunkWorld.Trunk());
        var refuse = true;
        world.Provider("10.0.0.2", request => refuse && request.Has(HeaderId.Authorization) ? SipResponseBuilder.For(request, 403, "p") : Provider.Registrar(request));
        world.Start();
        refuse = false;
        world.Advance(400);
        world.Change(snapshot => snapshot.With(TrunkWorld.Trunk() with { Enabled = false }));
        Assert.NotEmpty(log.All);
        Assert.Contains(log.All, line => line.Contains("registered at", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains("secret", StringComparison.Ordinal) || line.Contains("response=", StringComparison.Ordinal)
            || line.Contains("Digest", StringComparison.Ordinal) || line.Contains("nonce", StringComparison.Ordinal));
    }

    private sealed class Lines : ILogger<Sip.Engine.Trunks.TrunkRoom>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception) + exception);
    }
}
