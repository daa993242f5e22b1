namespace Blackwall.Client.Sources;

/// <summary>Why nothing can block an address.</summary>
public sealed record Guard(string Scope, string Why, bool Pass);
