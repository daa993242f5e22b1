namespace Blackwall.Tui.Api;

/// <summary>Events that were missed; null: not known how many.</summary>
internal sealed record Gap(long? Missed = null);
