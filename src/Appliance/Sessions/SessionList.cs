namespace Blackwall.Sessions;

/// <summary>Sessions, newest first.</summary>
/// <param name="Items">The sessions.</param>
/// <param name="NextCursor">Send it as cursor for the next page; null: that was all.</param>
public sealed record SessionList(IReadOnlyList<SessionBody> Items, string? NextCursor);
