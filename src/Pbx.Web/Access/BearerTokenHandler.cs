using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Web.Api;

namespace Pbx.Web.Access;

/// <summary>Authenticates programs by the API token of their <c>Authorization: Bearer</c> header (RFC 6750).</summary>
internal sealed class BearerTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string Scheme_ = "Bearer";

    private const string Prefix = "Bearer ";

    /// <summary>Why nothing can be said of the token, or null.</summary>
    private PbxError? unavailable;

    /// <summary>Whether a request carries such a header.</summary>
    public static bool IsMeant(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsMeant(Request)) return AuthenticateResult.NoResult();
        var text = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        var verified = await tokens.VerifyAsync(text, Context.RequestAborted);
        unavailable = verified.Succeeded ? null : verified.Errors[0];
        return verified is { Succeeded: true, Value: { } caller }
            ? AuthenticateResult.Success(new AuthenticationTicket(Callers.Principal(caller, Scheme_), Scheme_))
            : AuthenticateResult.Fail(unavailable?.Message ?? "The API token is unknown, expired or revoked.");
    }

    /// <summary>A good token is not called a bad one because the database is away: the program shall try again, not ask for another.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        unavailable is { } error ? ApiErrors.Failure([error]).ExecuteAsync(Context) : base.HandleChallengeAsync(properties);
}
