namespace Blackwall.Client.Events;

/// <summary>Events that were missed; null: not known how many.</summary>
public sealed record Gap(long? Missed = null);
