namespace Blackwall.Client.Sources;

/// <summary>What detection thinks of a source.</summary>
public sealed record Standing(string Phase, double Suspicion, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, bool Proven, int Uses, IReadOnlyList<StandingPart> Parts, IReadOnlyList<NetworkStanding> Networks);
