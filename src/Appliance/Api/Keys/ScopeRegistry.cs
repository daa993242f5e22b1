namespace Blackwall.Api.Keys;

/// <summary>Every scope that the features of this appliance declare, and the roles that stand for several of them.</summary>
internal sealed class ScopeRegistry
{
    private readonly SortedDictionary<string, Scope> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScopeSet> _roles = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two features declare the same word.</exception>
    public ScopeRegistry(IEnumerable<Scope> scopes)
    {
        foreach (Scope scope in scopes.Append(Scope.Admin))
        {
            _scopes.Add(scope.Word, scope);
        }

        foreach (string role in Roles)
        {
            _roles.Add(role, new ScopeSet(_scopes.Values.Where(scope => scope.Roles.Contains(role, StringComparer.Ordinal))));
        }
    }

    public static IReadOnlyList<string> Roles { get; } = ["viewer", "operator", "siem", "admin"];

    /// <summary>In the order of the alphabet, admin last.</summary>
    public IReadOnlyList<string> Words => new ScopeSet(_scopes.Values).Words;

    public bool TryRole(string role, out ScopeSet scopes) => _roles.TryGetValue(role, out scopes!);

    public bool TryScope(string word, out Scope scope) => _scopes.TryGetValue(word, out scope!);

    /// <summary>Reads a blank-separated list; words that this version does not know grant nothing.</summary>
    public ScopeSet ParseList(string text) =>
        new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => _scopes.GetValueOrDefault(word)).OfType<Scope>());
}
