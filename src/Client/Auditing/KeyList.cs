namespace Blackwall.Client.Auditing;

/// <summary>All keys.</summary>
public sealed record KeyList(IReadOnlyList<Key> Items);
