
namespace Blackwall.Health;

/// <summary>Data of the event "health": a part of the appliance became unwell, or well again.</summary>
/// <param name="Part">Which one, as in /health/ready.</param>
/// <param name="Fault">What is wrong and what to do; null: all is well again.</param>
public sealed record HealthEventBody(string Part, string? Fault);
