namespace Blackwall.Client.Changes;

/// <summary>The changes that are known.</summary>
public sealed record ChangeList(IReadOnlyList<Change> Items);
