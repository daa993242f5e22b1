
namespace Blackwall.Sources;

/// <summary>One number that is counted of a source.</summary>
/// <param name="Name">camelCase word.</param>
/// <param name="Value">The number now.</param>
/// <param name="Threshold">From this number on it is evidence.</param>
public sealed record StandingPartBody(string Name, long Value, long Threshold);
