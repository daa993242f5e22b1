namespace Blackwall.Api.Keys;

/// <summary>The scopes of one key. Immutable; equal when the words are.</summary>
internal sealed class ScopeSet : IEquatable<ScopeSet>
{
    public static readonly ScopeSet Empty = new([]);

    public static readonly ScopeSet Admin = new([Scope.Admin]);

    private readonly Scope[] _scopes;

    public ScopeSet(IEnumerable<Scope> scopes) =>
        _scopes = [.. scopes.DistinctBy(scope => scope.Word, StringComparer.Ordinal).OrderBy(scope => scope == Scope.Admin).ThenBy(scope => scope.Word, StringComparer.Ordinal)];

    public bool IsEmpty => _scopes.Length == 0;

    public bool IsAdmin => _scopes.Contains(Scope.Admin);

    /// <summary>Whether a holder may change something: only those administer the appliance.</summary>
    public bool MayChange => Array.Exists(_scopes, scope => scope.Use == ScopeUse.Change);

    public IReadOnlyList<Scope> Scopes => _scopes;

    /// <summary>In the order of the alphabet, admin last.</summary>
    public IReadOnlyList<string> Words => [.. _scopes.Select(scope => scope.Word)];

    /// <summary>Whether a holder may do what needs this scope.</summary>
    public bool Allows(Scope needed) => IsAdmin || Array.Exists(_scopes, scope => scope == needed);

    public bool Allows(ScopeSet needed) => Array.TrueForAll(needed._scopes, Allows);

    /// <summary>What of these a holder may not do.</summary>
    public ScopeSet Missing(ScopeSet needed) => new(needed._scopes.Where(scope => !Allows(scope)));

    public bool Equals(ScopeSet? other) => other is not null && _scopes.AsSpan().SequenceEqual(other._scopes);

    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    public override int GetHashCode() => _scopes.Aggregate(0, (hash, scope) => HashCode.Combine(hash, StringComparer.Ordinal.GetHashCode(scope.Word)));

    public override string ToString() => string.Join(", ", Words);
}
