using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Pbx.Core.Configuration;
using Secret = Pbx.Core.Common.Secret;

namespace Pbx.Core.Data;

/// <summary>Encrypts the secret columns with the keys of the data directory.</summary>
internal sealed class SecretCipher(IDataProtectionProvider provider)
{
    private readonly IDataProtector protector = provider.CreateProtector("Pbx.Secrets");

    /// <summary>What is stored for a secret.</summary>
    public string? Encrypt(Secret? secret) => secret is null ? null : protector.Protect(secret.Reveal());

    /// <summary>The secret again.</summary>
    /// <exception cref="StorageRefusedException">The keys that encrypted it are not in the data directory.</exception>
    public Secret? Decrypt(string? stored)
    {
        if (stored is null) return null;
        try
        {
            return new Secret(protector.Unprotect(stored));
        }
        catch (CryptographicException e)
        {
            throw new StorageRefusedException(
                "The secrets in the database were encrypted with keys that are not in the data directory: restore its folder 'keys' "
                + $"from the same backup as the database. ({e.Message})");
        }
    }
}
