namespace Blackwall.Client.Decisions;

/// <summary>Addresses or prefixes to judge.</summary>
public sealed record CheckQuestion(IReadOnlyList<string> Addresses);
