using Blackwall.Pipeline.Model;

namespace Blackwall.Classification;

/// <summary>What a model shows, and how it reads.</summary>
internal static class OpinionFindings
{
    public static readonly Finding TakenFor = new("taken-for", f => FormattableString.Invariant($"a language model takes its numbers for {f.Category}, {f.Score} of 100"));

    public static IReadOnlyList<Finding> All { get; } = [TakenFor];
}
