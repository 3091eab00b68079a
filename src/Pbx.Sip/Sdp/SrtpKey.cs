using System.Security.Cryptography;

namespace Pbx.Sip.Sdp;

/// <summary>A master key with its salt, for one direction. Says nothing of itself in texts.</summary>
internal sealed class SrtpKey : IEquatable<SrtpKey>
{
    private readonly byte[] material;
    private readonly byte[] mki;

    /// <summary>Takes key and salt, one behind the other.</summary>
    /// <param name="suite">What they are for.</param>
    /// <param name="material">Key and salt.</param>
    /// <param name="mki">The identifier that packets under this key carry (RFC 3711 section 3.1); mostly none.</param>
    public SrtpKey(SrtpSuite suite, ReadOnlySpan<byte> material, ReadOnlySpan<byte> mki = default)
    {
        if (material.Length != suite.KeyLength() + suite.SaltLength()) throw new ArgumentException("Key and salt have another length.", nameof(material));
        (Suite, this.material, this.mki) = (suite, material.ToArray(), mki.ToArray());
    }

    /// <summary>A new one.</summary>
    public static SrtpKey Create(SrtpSuite suite) => new(suite, RandomNumberGenerator.GetBytes(suite.KeyLength() + suite.SaltLength()));

    /// <summary>What it is for.</summary>
    public SrtpSuite Suite { get; }

    /// <summary>The master key.</summary>
    public ReadOnlySpan<byte> Key => material.AsSpan(0, Suite.KeyLength());

    /// <summary>The master salt.</summary>
    public ReadOnlySpan<byte> Salt => material.AsSpan(Suite.KeyLength());

    /// <summary>Key and salt, as SDP has them.</summary>
    public ReadOnlySpan<byte> Material => material;

    /// <summary>The identifier in each packet, or empty.</summary>
    public ReadOnlySpan<byte> Mki => mki;

    /// <inheritdoc/>
    public bool Equals(SrtpKey? other) => other is not null && Suite == other.Suite && mki.AsSpan().SequenceEqual(other.mki)
        && CryptographicOperations.FixedTimeEquals(material, other.material);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SrtpKey);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Suite;

    /// <inheritdoc/>
    public override string ToString() => Suite.Name();
}
