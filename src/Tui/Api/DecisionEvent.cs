namespace Blackwall.Tui.Api;

/// <summary>Data of "decision" and "lifted"; change is created, renewed, lifted or expired.</summary>
internal sealed record DecisionEvent(string Change, string By, int Count, DateTimeOffset Time, Decision Decision);
