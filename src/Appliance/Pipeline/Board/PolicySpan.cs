using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>One of the decisions that hold for a scope one after the other, until its end.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="ExpiryUnixMilliseconds">Milliseconds since 1970; <see cref="long.MaxValue"/>: without end.</param>
/// <param name="Verdict">What it asks for.</param>
/// <param name="Rank"><see cref="Decision.Rank"/>.</param>
public readonly record struct PolicySpan(long DecisionId, long ExpiryUnixMilliseconds, Verdict Verdict, byte Rank);
