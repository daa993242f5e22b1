namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>What a flood of accusations achieved.</summary>
/// <param name="Taken">Accusations within the quotas.</param>
/// <param name="Limited">Accused addresses that are limited or worse.</param>
/// <param name="Found">Real attackers that are acted on all the same.</param>
/// <param name="Real">Real attackers.</param>
/// <param name="Silenced">Attackers that are silenced.</param>
/// <param name="HonestSilenced">Honest reporters that are silenced.</param>
/// <param name="Targets">Targets that are kept.</param>
internal sealed record TrustFloodResult(int Taken, int Limited, int Found, int Real, int Silenced, int HonestSilenced, int Targets);
