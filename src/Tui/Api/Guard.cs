namespace Blackwall.Tui.Api;

/// <summary>Why nothing can block an address.</summary>
internal sealed record Guard(string Scope, string Why, bool Pass);
