using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>One change on the board.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Decision">The decision after it; as it last stood when it ended.</param>
/// <param name="Evidence">Evidence that came with it, with ids.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Count">How many decisions changed alike together; a large import or reconciliation is told once, with its last decision.</param>
public sealed record DecisionChange(
    DecisionChangeKind Kind,
    Decision Decision,
    IReadOnlyList<Evidence> Evidence,
    DateTimeOffset Time,
    string Actor,
    int Count = 1);
