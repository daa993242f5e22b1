namespace Blackwall.Client.Status;

/// <summary>What the wall is; null attach mode: not attached.</summary>
public sealed record Wall(string Interface, string Mode, string? AttachMode, string? EgressMode, string? Fallback, long Generation, bool Adopted, string? Fault, string? Challenges = null, string Side = "outside");
