using Pbx.Core.Common;

namespace Pbx.Web.Api;

/// <summary>A mistake in what was sent: where, and what is wrong.</summary>
/// <param name="Path">Path into what was sent, such as <c>queues/support/onNoAnswer</c>.</param>
/// <param name="Message">An English sentence that says what to do.</param>
/// <param name="Code">Stable name.</param>
/// <param name="Arguments">The words that the message is filled with, in order.</param>
public sealed record FieldError(string Path, string Message, string Code, params IReadOnlyList<string> Arguments);

/// <summary>A rule that forbids what was asked.</summary>
/// <param name="Code">Stable name.</param>
/// <param name="Message">An English sentence that says what to do.</param>
/// <param name="Arguments">The words that the message is filled with, in order.</param>
public sealed record RuleError(string Code, string Message, params IReadOnlyList<string> Arguments);

/// <summary>Turns the results of application services into responses.</summary>
internal static class ApiErrors
{
    /// <summary>The value written by <paramref name="write"/>, or the errors in one of the two shapes.</summary>
    public static IResult ToResponse<T>(this Result<T> result, Func<T, IResult> write) => result.Succeeded ? write(result.Value) : Failure(result.Errors);

    /// <summary>
    /// 422 with a list for mistakes in fields; for rules 400 with one error, 403 when it is forbidden, 409 when somebody else changed it
    /// meanwhile, 503 while the database is away.
    /// </summary>
    public static IResult Failure(IReadOnlyList<PbxError> errors)
    {
        var first = errors[0];
        return first.Code switch
        {
            "forbidden" => Rule(first, StatusCodes.Status403Forbidden),
            "conflict" => Rule(first, StatusCodes.Status409Conflict),
            "database-unavailable" => Rule(first, StatusCodes.Status503ServiceUnavailable),
            _ when errors.All(e => e.Path.Length == 0) => Rule(first, StatusCodes.Status400BadRequest),
            _ => Results.Json(errors.Select(e => new FieldError(e.Path, e.Message, e.Code, e.Arguments)), statusCode: StatusCodes.Status422UnprocessableEntity),
        };
    }

    /// <summary>404 with words.</summary>
    public static IResult NotFound(string what) =>
        Results.Json(new RuleError("not-found", $"There is no {what}."), statusCode: StatusCodes.Status404NotFound);

    private static IResult Rule(PbxError error, int status) => Results.Json(new RuleError(error.Code, error.Message, error.Arguments), statusCode: status);
}
