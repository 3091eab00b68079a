using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Extensions;
using Pbx.Core.Hosting;
using Pbx.Core.Routing;
using Pbx.Core.Ivr;
using Pbx.Core.Prompts;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Engine.Trunks;
using Pbx.Sip.Hosting;
using Pbx.Sip.Media;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Benchmarks.Shards;

/// <summary>
/// The SIP side as the product puts it together, with its threads and without its ends: no sockets, no sound, no disk. A company of one provider,
/// one menu and as many extensions as there are phones.
/// </summary>
internal sealed class House : IDisposable
{
    public const string Menu = "+33199000100";
    public static readonly IPAddress Provider = IPAddress.Parse("127.0.0.21");

    /// <summary>A tenth of the standard: at a rate that is ten times that of a busy server, as many transactions linger as there.</summary>
    public static readonly TransactionTimes Times = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(500));

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("pbx-shards");
    private readonly ServiceProvider services;
    private readonly SipStack stack;

    public House(int shards, int extensions)
    {
        const int Many = 1_000_000;
        var limits = new SipLimitOptions { Transactions = Many };
        services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddPbxCore(new CoreOptions { DataDirectory = directory.FullName })
            .AddPbxSip(new SipOptions { Shards = shards, MaxCalls = Many, Limits = limits })
            .AddSingleton<IConfiguration>(new FixedConfiguration(Company(extensions)))
            .AddSingleton<ISnapshotSource>(s => s.GetRequiredService<IConfiguration>())
            .AddSingleton<ICallJournal, NoJournal>().AddSingleton<IMedia, SilentMedia>().AddSingleton(new RegistrarOptions())
            .AddSingleton(s => new SipStack(shards, TimeProvider.System, Times, new ShardLimits(Transactions: Many), s.GetRequiredService<IGate>(),
                s.GetRequiredService<SipCounters>(), NullLogger.Instance))
            .BuildServiceProvider();
        stack = services.GetRequiredService<SipStack>();
    }

    public FrontDoor FrontDoor => stack.FrontDoor;

    public static string UserOf(int extension) => $"e{extension:d5}";

    public static string PasswordOf(int extension) => $"pw{extension:d5}";

    public static string NumberOf(int extension) => $"{50000 + extension}";

    /// <summary>Lets the threads run; everything that is sent goes to these.</summary>
    public void Open(ISipSender phones)
    {
        stack.Build(phones, services.GetServices<IEndpointRoom>());
        stack.Shards.Start();
        services.GetRequiredService<TrunkRoom>().Start();
    }

    /// <summary>Nothing went wrong, and no call is left.</summary>
    public void AssertIdle()
    {
        var counters = stack.Counters.Read();
        if (counters["unhandled-exceptions"] != 0) throw new InvalidOperationException("There were exceptions.");
        for (var i = 0; services.GetRequiredService<PbxEngine>().Count > 0; i++)
        {
            if (i == 200) throw new InvalidOperationException("Calls were left.");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        stack.Shards.Stop();
        services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        directory.Delete(recursive: true);
    }

    private static PbxSnapshot Company(int extensions)
    {
        var snapshot = PbxSnapshot.Empty.With(new Site { Key = "main", Name = "Main" })
            .With(new Prompt { Key = "hello", Name = "Hello", Audio = "00", DurationMilliseconds = 2000 })
            .With(new IvrMenu { Key = "menu", Name = "Menu", Site = "main", Prompt = "hello" })
            .With(new Trunk
            {
                Key = "provider", Name = "Provider", Site = "main", Host = Provider.ToString(), Port = Phones.FirstPort, SourceAddresses = [$"{Provider}/32"],
                Numbers = [Menu], QualifySeconds = 0, Security = CallSecurity.ClearAllowed,
            })
            .With(new InboundRule { Key = "menu", Name = "Menu", Site = "main", Called = Menu, Open = new Destination(DestinationKind.IvrMenu, "menu") });
        for (var i = 0; i < extensions; i++)
            snapshot = snapshot.With(new Extension
            {
                Key = UserOf(i), Name = $"Extension {i}", Number = NumberOf(i), Site = "main", Security = CallSecurity.ClearAllowed,
                Devices = [new Device { Key = "phone", UserName = UserOf(i), Password = new Secret(PasswordOf(i)) }],
            });
        return snapshot;
    }

    private sealed class FixedConfiguration(PbxSnapshot current) : IConfiguration
    {
        public PbxSnapshot Current => current;

        public IDisposable Subscribe(Action<PbxSnapshot> published) => new MemoryStream();

        public Task<Result<PbxSnapshot>> ApplyAsync(IReadOnlyList<Change> changes, Actor actor, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IReadOnlyList<PbxError> Validate(IReadOnlyList<Change> changes) => [];
    }

    private sealed class NoJournal : ICallJournal
    {
        public long Pending => 0;

        public void Started(CallRecord record)
        {
        }

        public void Ended(CallRecord record)
        {
        }
    }
}
