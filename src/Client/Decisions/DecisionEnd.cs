namespace Blackwall.Client.Decisions;

/// <summary>How a decision ended: expired, lifted or replaced.</summary>
public sealed record DecisionEnd(DateTimeOffset Time, string Cause, string By);
