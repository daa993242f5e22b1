
namespace Blackwall.Events;

/// <summary>Events, newest first.</summary>
/// <param name="Items">The events.</param>
/// <param name="NextCursor">Send it as cursor for the next page; null: that was all.</param>
public sealed record EventList(IReadOnlyList<EventBody> Items, string? NextCursor);
