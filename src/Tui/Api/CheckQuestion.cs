namespace Blackwall.Tui.Api;

/// <summary>Addresses or prefixes to judge.</summary>
internal sealed record CheckQuestion(IReadOnlyList<string> Addresses);
