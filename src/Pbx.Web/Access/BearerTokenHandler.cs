using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Pbx.Core.Access;

namespace Pbx.Web.Access;

/// <summary>Authenticates programs by the API token of their <c>Authorization: Bearer</c> header (RFC 6750).</summary>
internal sealed class BearerTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string Scheme_ = "Bearer";

    private const string Prefix = "Bearer ";

    /// <summary>Whether a request carries such a header.</summary>
    public static bool IsMeant(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsMeant(Request)) return AuthenticateResult.NoResult();
        var text = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        return await tokens.VerifyAsync(text, Context.RequestAborted) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(Callers.Principal(caller, Scheme_), Scheme_))
            : AuthenticateResult.Fail("The API token is unknown, expired or revoked.");
    }
}
