namespace Blackwall.Siem.Sinks;

/// <summary>All sinks.</summary>
/// <param name="Items">By name.</param>
internal sealed record SinkList(IReadOnlyList<SinkBody> Items);
