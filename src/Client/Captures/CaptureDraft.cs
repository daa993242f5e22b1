namespace Blackwall.Client.Captures;

/// <summary>A capture that an operator wants; null seconds: as long as the configuration says.</summary>
public sealed record CaptureDraft(string Address, long? Seconds = null);
