using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Access;
using Pbx.Core.Data.Mapping;

namespace Pbx.Core.Data;

/// <summary>
/// The one model of the database. Two derived contexts exist only because each database has its own migrations. Contexts come from
/// <see cref="IDbContextFactory{TContext}"/>, one per operation.
/// </summary>
internal abstract class PbxDbContext(DbContextOptions options) : IdentityDbContext<PbxUser, PbxRole, Guid>(options)
{
    /// <summary>With passkeys, from the first migration on.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        NameIdentityTables(builder);
        foreach (var mapping in ConfigMappings.All) mapping.Configure(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PbxDbContext).Assembly);
        SnakeCase.Apply(builder);
        StoreEnumsAsWords(builder);
    }

    private static void NameIdentityTables(ModelBuilder builder)
    {
        builder.Entity<PbxUser>(user =>
        {
            user.ToTable("users");
            user.Property(u => u.LockoutEnd).IsUtc();
            // A deleted extension leaves its person, who then has none.
            user.HasOne<ExtensionRow>().WithMany().HasForeignKey(u => u.Extension).OnDelete(DeleteBehavior.SetNull);
        });
        builder.Entity<PbxRole>().ToTable("roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("user_roles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.ToTable("user_passkeys");
            passkey.HasKey(p => p.CredentialId);
            passkey.Property(p => p.CredentialId).HasMaxLength(1024);
            passkey.OwnsOne(p => p.Data).ToJson("data");
            passkey.HasOne<PbxUser>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void StoreEnumsAsWords(ModelBuilder builder)
    {
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            if (property.ClrType.IsEnum) property.SetProviderClrType(typeof(string));
        }
    }
}

/// <summary>The model on SQLite.</summary>
internal sealed class SqlitePbxContext(DbContextOptions<SqlitePbxContext> options) : PbxDbContext(options);

/// <summary>The model on PostgreSQL.</summary>
internal sealed class PostgresPbxContext(DbContextOptions<PostgresPbxContext> options) : PbxDbContext(options);
