using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>What a change of rules would do.</summary>
/// <param name="Refusals">Why it cannot be made: a field ("rules[3]", "remove[0]") and a sentence; at most 100.</param>
/// <param name="Entries">What would decide about every listed scope that it touches. Rules of the change have the ids of <see cref="IdOf"/>.</param>
/// <param name="Overruled">Rules of the change, by index, that something stronger overrules at their own scope.</param>
public sealed record PolicyPreview(
    IReadOnlyList<(string Field, string Sentence)> Refusals,
    ReadOnlyMemory<PolicyEntry> Entries,
    IReadOnlyDictionary<int, Decision> Overruled)
{
    private const long FirstId = 1L << 62;

    /// <summary>The decision id that a rule of a change has before it is one.</summary>
    public static long IdOf(int index) => FirstId + index;

    /// <summary>Null: the id is that of a real decision.</summary>
    public static int? IndexOf(long id) => id >= FirstId && id - FirstId <= int.MaxValue ? (int)(id - FirstId) : null;
}
