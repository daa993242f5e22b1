using Microsoft.Extensions.Primitives;

namespace Blackwall.Remediation.CrowdSec;

/// <summary>Which blocks a remediation component wants to hear of.</summary>
/// <param name="Scopes">"ip", "range"; empty: all.</param>
/// <param name="Origins">Empty: all.</param>
/// <param name="Containing">Words, one of which is in the scenario; empty: all.</param>
/// <param name="NotContaining">Words of which none is in the scenario.</param>
/// <param name="Types">"ban"; empty: all.</param>
internal sealed record DecisionFilter(IReadOnlyList<string> Scopes, IReadOnlyList<string> Origins, IReadOnlyList<string> Containing, IReadOnlyList<string> NotContaining, IReadOnlyList<string> Types)
{
    public static DecisionFilter Read(IQueryCollection query) => new(
        [.. List(query["scopes"]), .. List(query["scope"])],
        List(query["origins"]),
        List(query["scenarios_containing"]),
        List(query["scenarios_not_containing"]),
        List(query["type"]));

    public bool Fits(Block block) =>
        (Scopes.Count == 0 || Scopes.Contains(block.Scope.IsHost ? "ip" : "range", StringComparer.OrdinalIgnoreCase))
        && (Types.Count == 0 || Types.Contains("ban", StringComparer.OrdinalIgnoreCase))
        && (Origins.Count == 0 || Origins.Contains(block.Origin, StringComparer.Ordinal))
        && (Containing.Count == 0 || Containing.Any(word => block.Reason.Contains(word, StringComparison.OrdinalIgnoreCase)))
        && !NotContaining.Any(word => block.Reason.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string[] List(StringValues values) => values.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
