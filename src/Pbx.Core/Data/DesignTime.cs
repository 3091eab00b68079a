using Microsoft.EntityFrameworkCore.Design;
using Pbx.Core.Common;

namespace Pbx.Core.Data;

/// <summary>How the tool that writes migrations gets a context; scripts/new-migration.sh calls it.</summary>
internal sealed class DesignTime : IDesignTimeDbContextFactory<SqlitePbxContext>, IDesignTimeDbContextFactory<PostgresPbxContext>
{
    SqlitePbxContext IDesignTimeDbContextFactory<SqlitePbxContext>.CreateDbContext(string[] args) =>
        (SqlitePbxContext)new PbxContextFactory(new(DatabaseProvider.Sqlite, "Data Source=:memory:")).CreateDbContext();

    PostgresPbxContext IDesignTimeDbContextFactory<PostgresPbxContext>.CreateDbContext(string[] args) =>
        (PostgresPbxContext)new PbxContextFactory(new(DatabaseProvider.Postgres, "Host=none")).CreateDbContext();
}
