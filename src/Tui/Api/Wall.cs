namespace Blackwall.Tui.Api;

/// <summary>What the wall is; null attach mode: not attached.</summary>
internal sealed record Wall(string Interface, string Mode, string? AttachMode, string? EgressMode, string? Fallback, long Generation, bool Adopted, string? Fault);
