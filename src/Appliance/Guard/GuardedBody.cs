using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>An entry of the guard set.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Why">What it is.</param>
public sealed record GuardedBody(string Scope, string Why)
{
    internal static IReadOnlyList<GuardedBody> From(IEnumerable<GuardEntry> entries) => [.. entries.OrderBy(entry => entry.Scope).Select(entry => new GuardedBody($"{entry.Scope}", entry.Why))];
}
