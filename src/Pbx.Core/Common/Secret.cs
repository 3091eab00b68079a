namespace Pbx.Core.Common;

/// <summary>
/// A password, PIN, token or key. It prints as <c>***</c> everywhere; only <see cref="Reveal"/> gives the text, so that every
/// use can be found. Absent from exported documents unless secrets are asked for; encrypted in the database.
/// </summary>
public sealed class Secret(string text) : IEquatable<Secret>
{
    /// <summary>The text itself, for the one who must have it (a digest, an SMTP log-in).</summary>
    public string Reveal() => text;

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && other.Reveal() == text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(text, StringComparison.Ordinal);

    /// <summary>Three stars: a secret never prints itself.</summary>
    public override string ToString() => "***";
}
