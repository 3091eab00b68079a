using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Pbx.Core.Data;

/// <summary>Names columns, keys and indexes as SQL people write them.</summary>
internal static class SnakeCase
{
    /// <summary>Renames all that the model has.</summary>
    public static void Apply(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            // What lies inside a JSON column has no names of its own in the database.
            if (entity.IsMappedToJson()) continue;
            foreach (var property in entity.GetProperties())
            {
                if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null) property.SetColumnName(Of(property.Name));
            }
            foreach (var key in entity.GetKeys()) key.SetName(Of(key.GetName() ?? ""));
            foreach (var foreignKey in entity.GetForeignKeys()) foreignKey.SetConstraintName(Of(foreignKey.GetConstraintName() ?? ""));
            foreach (var index in entity.GetIndexes()) index.SetDatabaseName(Of(index.GetDatabaseName() ?? ""));
        }
    }

    /// <summary>The snake-case form of a name: <c>OnNoAnswer</c> is <c>on_no_answer</c>.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && !char.IsUpper(name[i - 1])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
