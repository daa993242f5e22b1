namespace Blackwall.Api.Keys;

/// <summary>One thing that a key may be allowed to do. Each feature declares its own; every operation names the one that it needs.</summary>
internal sealed class Scope
{
    /// <summary>Everything, also what is added later.</summary>
    public static readonly Scope Admin = new("admin", ScopeUse.Change, "admin");

    /// <param name="word">As keys are given it: "captures:read".</param>
    /// <param name="use">What a holder does with it.</param>
    /// <param name="roles">Roles that include it; the role admin includes everything.</param>
    public Scope(string word, ScopeUse use, params IReadOnlyList<string> roles) => (Word, Use, Roles) = (word, use, roles);

    public string Word { get; }

    public ScopeUse Use { get; }

    public IReadOnlyList<string> Roles { get; }

    public override string ToString() => Word;
}
