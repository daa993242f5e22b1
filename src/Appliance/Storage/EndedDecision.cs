using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Storage;

/// <summary>A decision as it last stood, and how it ended.</summary>
/// <param name="Sequence">Counts up in the order of ending.</param>
/// <param name="Decision">As it last stood.</param>
/// <param name="Ended">When.</param>
/// <param name="Cause">Lifted or expired.</param>
/// <param name="By">Who did it.</param>
public sealed record EndedDecision(long Sequence, Decision Decision, DateTimeOffset Ended, DecisionChangeKind Cause, string By);
