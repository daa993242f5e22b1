namespace Blackwall.Sessions;

/// <summary>What happened in a session, in order.</summary>
/// <param name="Items">Events.</param>
/// <param name="NextCursor">Send it as cursor for the next page; null: that was all so far.</param>
public sealed record SessionEventList(IReadOnlyList<SessionEvent> Items, string? NextCursor);
