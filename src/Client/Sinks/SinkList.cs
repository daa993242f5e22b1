namespace Blackwall.Client.Sinks;

/// <summary>All sinks.</summary>
public sealed record SinkList(IReadOnlyList<Sink> Items);
