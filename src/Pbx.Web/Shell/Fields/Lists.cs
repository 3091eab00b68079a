using Pbx.Core.Common;

namespace Pbx.Web.Shell.Fields;

/// <summary>New lists from old ones, for editors of immutable records.</summary>
public static class Lists
{
    /// <summary>One element moved up (negative) or down; unchanged at the ends.</summary>
    public static ValueList<T> Moved<T>(ValueList<T> list, int index, int by)
    {
        var target = index + by;
        if (target < 0 || target >= list.Count) return list;
        var copy = list.AsImmutableArray().RemoveAt(index).Insert(target, list[index]);
        return copy.ToValueList();
    }

    /// <summary>Without one element.</summary>
    public static ValueList<T> Without<T>(ValueList<T> list, int index) => list.AsImmutableArray().RemoveAt(index).ToValueList();

    /// <summary>With one element replaced.</summary>
    public static ValueList<T> With<T>(ValueList<T> list, int index, T item) => list.AsImmutableArray().SetItem(index, item).ToValueList();

    /// <summary>Lines of a text as a list, without empty ones.</summary>
    public static ValueList<string> FromLines(string? text) =>
        (text ?? "").Split(['\n', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToValueList();

    /// <summary>A list as lines of text.</summary>
    public static string ToLines(ValueList<string> list) => string.Join('\n', list);
}
