namespace Blackwall.Client.Sinks;

/// <summary>Refused events, newest first.</summary>
public sealed record RefusedEventPage(IReadOnlyList<RefusedEvent> Items, string? NextCursor);
