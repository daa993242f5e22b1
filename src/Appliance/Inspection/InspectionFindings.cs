using Blackwall.Pipeline.Model;

namespace Blackwall.Inspection;

/// <summary>What inspection shows, and how it reads.</summary>
internal static class InspectionFindings
{
    public static readonly Finding RulesMet = new("rules-met", f =>
        $"its request meets {(f.Rules!.Count == 1 ? "rule" : "rules")} {string.Join(", ", f.Rules)}{(f.LedByOthers == true ? "; another site may have led its browser there" : "")}");

    public static IReadOnlyList<Finding> All { get; } = [RulesMet];
}
