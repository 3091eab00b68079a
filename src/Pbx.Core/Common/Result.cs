namespace Pbx.Core.Common;

/// <summary>
/// Something that the person who asked can mend. <paramref name="Code"/> is stable and translated by the console with
/// <paramref name="Arguments"/>; <paramref name="Message"/> is the English sentence that says what is wrong and what to do.
/// </summary>
/// <param name="Code">Stable name such as <c>number-taken</c>.</param>
/// <param name="Path">Where: <c>queues/support/agents/0/extension</c>; empty when it concerns the whole.</param>
/// <param name="Message">English sentence for API and logs.</param>
/// <param name="Arguments">What the translated sentence needs, in order.</param>
public sealed record PbxError(string Code, string Path, string Message, params string[] Arguments);

/// <summary>A value, or the errors that prevented it.</summary>
public sealed class Result<T>
{
    private readonly T? value;

    private Result(T? value, IReadOnlyList<PbxError> errors) => (this.value, Errors) = (value, errors);

    /// <summary>What went wrong; empty on success.</summary>
    public IReadOnlyList<PbxError> Errors { get; }

    /// <summary>True when there is a value.</summary>
    public bool Succeeded => Errors.Count == 0;

    /// <summary>The value; throws when there is none.</summary>
    public T Value => Succeeded ? value! : throw new InvalidOperationException(string.Join(" ", Errors.Select(e => e.Message)));

    /// <summary>A success.</summary>
    public static Result<T> Ok(T value) => new(value, []);

    /// <summary>A failure with at least one error.</summary>
    public static Result<T> Fail(params IReadOnlyList<PbxError> errors) => new(default, errors);
}
