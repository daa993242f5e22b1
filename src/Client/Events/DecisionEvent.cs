using Blackwall.Client.Decisions;

namespace Blackwall.Client.Events;

/// <summary>Data of "decision" and "lifted"; change is created, renewed, lifted or expired.</summary>
public sealed record DecisionEvent(string Change, string By, int Count, DateTimeOffset Time, Decision Decision);
