using Blackwall.Api.Contracts;

namespace Blackwall.Decisions;

/// <summary>Data of the events "decision" and "lifted".</summary>
/// <param name="Change">created, renewed, lifted or expired.</param>
/// <param name="By">Who did it.</param>
/// <param name="Count">How many decisions this event stands for; a large import is told once, with its last decision.</param>
/// <param name="Time">When.</param>
/// <param name="Decision">The decision after it; as it last stood when it ended.</param>
public sealed record DecisionEventBody([property: Word(WordLists.Change)] string Change, string By, int Count, DateTimeOffset Time, DecisionBody Decision);
