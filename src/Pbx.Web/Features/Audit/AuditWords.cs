using System.Text.Json.Nodes;
using Pbx.Core.Configuration;
using Pbx.Web.Localization;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Audit;

/// <summary>What differs between an object before and after a change.</summary>
public static class AuditWords
{
    /// <summary>What kind of thing was changed.</summary>
    public static string KindOf(ChangeInfo change, Texts texts) =>
        change.ConfigObject is { } known ? texts.KindName(known.Kind) : IsToken(change) ? texts.ApiToken : texts.User;

    /// <summary>Which one of them.</summary>
    public static string KeyOf(ChangeInfo change) =>
        change.ConfigObject is { } known ? known.Key : change.Subject[(change.Subject.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>The page where it is.</summary>
    public static string AddressOf(ChangeInfo change) =>
        change.ConfigObject is { } known ? ConsoleUrls.Item(known.Kind, known.Key) : IsToken(change) ? ConsoleUrls.Tokens : ConsoleUrls.Users;

    /// <summary>The names of the fields that differ.</summary>
    public static IReadOnlyList<string> ChangedFields(string? before, string? after)
    {
        var (was, now) = (Read(before), Read(after));
        return [.. was.Select(f => f.Key).Union(now.Select(f => f.Key)).Where(name => !JsonNode.DeepEquals(was[name], now[name]))];
    }

    /// <summary>The fields that differ, old value and new value, one a line.</summary>
    public static string Difference(string? before, string? after)
    {
        var (was, now) = (Read(before), Read(after));
        return string.Join('\n', ChangedFields(before, after).SelectMany(name => new[]
        {
            was[name] is { } old ? $"- {name}: {old.ToJsonString()}" : null,
            now[name] is { } current ? $"+ {name}: {current.ToJsonString()}" : null,
        }.OfType<string>()));
    }

    private static bool IsToken(ChangeInfo change) => change.Subject.StartsWith("token:", StringComparison.Ordinal);

    private static JsonObject Read(string? json) => json is null ? [] : JsonNode.Parse(json) as JsonObject ?? [];
}
