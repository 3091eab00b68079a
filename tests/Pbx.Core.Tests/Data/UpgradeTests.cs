using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Data;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Extensions;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Trunks;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Data;

public sealed class UpgradeTests
{
    /// <summary>A whole company, a call record and its columns of the first version; all later migrations; nothing is lost, and what is new has its default.</summary>
    [Theory, DatabaseData]
    public async Task Database_OfTheFirstVersion_WithRows_IsReadBackWholeByTheNewest(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var applied = await core.Configuration.ApplyAsync(DemoChanges(), TestCore.Tester);
        Assert.True(applied.Succeeded);
        await core.SettingUp;
        var before = core.Configuration.Current;
        var call = new CallRecordRow { Id = Guid.NewGuid(), StartedAt = DateTimeOffset.UnixEpoch, EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(9), Caller = "+33612345678", Called = "+33199000100", Outcome = 1 };
        await using (var database = Open(core))
        {
            database.Add(call);
            await database.SaveChangesAsync();
            var migrations = database.Database.GetMigrations().ToList();
            Assert.True(migrations.Count > 4);
            // Back to the tables of the first version; the rows stay.
            await database.GetService<IMigrator>().MigrateAsync(migrations[0]);
            Assert.Equal([migrations[0]], await database.Database.GetAppliedMigrationsAsync());
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => database.Set<ExtensionRow>().ToListAsync());
        }
        await core.StopAsync();

        await core.StartAsync();

        Assert.Equal<IConfigObject>(before.All().Select(AsOfTheFirstVersion), core.Configuration.Current.All());
        await using var newest = Open(core);
        Assert.Empty(await newest.Database.GetPendingMigrationsAsync());
        var record = CallRecordRows.Read(await newest.Set<CallRecordRow>().AsNoTracking().SingleAsync(r => r.Id == call.Id));
        Assert.Equal(CallRecordRows.Read(call), record);
        // And it is one that can be worked with.
        var changed = await core.Configuration.ApplyAsync([Put(core.Configuration.Current.Extensions["101"] with { Name = "Alice Durand" })], TestCore.Tester);
        Assert.True(changed.Succeeded);
    }

    private static PbxDbContext Open(TestCore core) => core.Get<IDbContextFactory<PbxDbContext>>().CreateDbContext();

    /// <summary>What came with later versions stands as their migrations set it: nothing that worked in clear is cut off.</summary>
    private static IConfigObject AsOfTheFirstVersion(IConfigObject item) => item switch
    {
        Extension extension => extension with { Security = CallSecurity.ClearAllowed, OutboundInHoursOnly = false },
        Trunk trunk => trunk with { Security = CallSecurity.ClearAllowed, TlsAuthorities = null, AcceptsAnyCertificate = false },
        SystemSettings settings => settings with { Security = CallSecurity.ClearAllowed },
        _ => item,
    };
}
