namespace Blackwall.Siem.Sinks;

/// <summary>Refused events of a sink, newest first.</summary>
/// <param name="Items">The events.</param>
/// <param name="NextCursor">Where the next page begins; null: this was the last one.</param>
internal sealed record RefusedEventPage(IReadOnlyList<RefusedEventBody> Items, string? NextCursor);
