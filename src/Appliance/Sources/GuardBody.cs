
namespace Blackwall.Sources;

/// <summary>Why nothing can block an address.</summary>
/// <param name="Scope">Address or prefix that is guarded.</param>
/// <param name="Why">What it is.</param>
/// <param name="Pass">Whether its packets are let in whatever else applies; false: they are only never blocked by a decision.</param>
public sealed record GuardBody(string Scope, string Why, bool Pass);
