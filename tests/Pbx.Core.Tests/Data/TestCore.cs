using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Hosting;
using Pbx.Core.Prompts;
using Pbx.Core.Tests.Databases;

namespace Pbx.Core.Tests.Data;

/// <summary>The core with a real database and data directory, and a speech engine that only pretends. Can be stopped and started again.</summary>
internal sealed class TestCore : IAsyncDisposable
{
    private readonly DirectoryInfo folder;
    private readonly bool ours;
    private readonly Action<IServiceCollection>? more;
    private ServiceProvider? services;
    private SetupStart? start;

    private TestCore(CoreOptions options, Action<IServiceCollection>? more)
    {
        this.more = more;
        ours = options.DataDirectory.Length == 0;
        folder = ours ? Directory.CreateTempSubdirectory("pbx-core") : new DirectoryInfo(options.DataDirectory);
        Options = options with { DataDirectory = folder.FullName };
    }

    public CoreOptions Options { get; set; }

    public FakeAudio Audio { get; } = new();

    public ConfigurationStore Configuration => Get<ConfigurationStore>();

    /// <summary>Completes when the set-up of this start is done.</summary>
    public Task SettingUp => start!.SettingUp;

    public static Actor Tester { get; } = new("tester", ChangeSource.Console);

    public static async Task<TestCore> StartAsync(DatabaseProvider provider, Func<CoreOptions, CoreOptions>? with = null,
        Action<IServiceCollection>? more = null)
    {
        var options = new CoreOptions
        {
            DataDirectory = "", Provider = provider,
            ConnectionString = provider == DatabaseProvider.Postgres ? await (await TestContext.Current.GetFixture<SharedPostgres>())!.CreateDatabaseAsync() : null,
        };
        var core = new TestCore(with?.Invoke(options) ?? options, more);
        await core.StartAsync();
        return core;
    }

    /// <summary>On a data directory that is there.</summary>
    public static async Task<TestCore> OpenAsync(CoreOptions options)
    {
        var core = new TestCore(options, more: null);
        await core.StartAsync();
        return core;
    }

    public T Get<T>()
        where T : notnull => services!.GetRequiredService<T>();

    /// <summary>As the host does: what must be there before anything else runs.</summary>
    public async Task StartAsync()
    {
        var collection = new ServiceCollection().AddLogging();
        collection.AddPbxCore(Options);
        collection.RemoveAll<IAudioLibrary>();
        collection.AddSingleton<IAudioLibrary>(Audio);
        more?.Invoke(collection);
        services = collection.BuildServiceProvider();
        await ActivatorUtilities.CreateInstance<CoreStart>(services).StartingAsync(CancellationToken.None);
        start = ActivatorUtilities.CreateInstance<SetupStart>(services);
        await start.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        if (start is not null) await start.StoppingAsync(CancellationToken.None);
        start?.Dispose();
        start = null;
        if (services is not null) await services.DisposeAsync();
        services = null;
        SqliteConnection.ClearAllPools();
    }

    public string SqliteFile => Path.Combine(folder.FullName, "db", "pbx.db");

    public DirectoryInfo Folder => folder;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (ours) folder.Delete(recursive: true);
    }
}

/// <summary>Sounds without sound: a hash of the words.</summary>
internal sealed class FakeAudio : IAudioLibrary
{
    public int Spoken { get; private set; }

    public string? PromptFile(string audio) => null;

    public string? PhraseFile(string name, string language) => null;

    public Task<Result<StoredAudio>> SpeakAsync(string text, string language, string command, CancellationToken cancellationToken = default)
    {
        Spoken++;
        return Task.FromResult(text.Contains("unspeakable", StringComparison.Ordinal)
            ? Result<StoredAudio>.Fail(new PbxError("speech-failed", "", "The engine refused."))
            : Result<StoredAudio>.Ok(new StoredAudio($"hash-of-{language}-{text.Length}", 1000)));
    }

    public Task<Result<StoredAudio>> ImportAsync(Stream audio, CancellationToken cancellationToken = default) =>
        Task.FromResult(Result<StoredAudio>.Ok(new StoredAudio("imported", 500)));
}
