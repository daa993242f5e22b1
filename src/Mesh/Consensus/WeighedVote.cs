namespace Blackwall.Mesh.Consensus;

/// <summary>A vote and what it came to.</summary>
/// <param name="Vote">The vote.</param>
/// <param name="Raw">Reputation x age x evidence x what is left of it.</param>
/// <param name="Counted">What is left of that within the caps of its networks and its group.</param>
public readonly record struct WeighedVote(Vote Vote, double Raw, double Counted);
