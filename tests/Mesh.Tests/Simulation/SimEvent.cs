namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>Something that reaches a node.</summary>
/// <param name="Link">The receiving end; null for what a node does by itself.</param>
/// <param name="Payload">A message, ids, or the node itself.</param>
/// <param name="Number">Seconds of a backoff, or 1 and 0 for a subscription and its end.</param>
internal readonly record struct SimEvent(SimEventKind Kind, SimLink? Link, object? Payload, long Number = 0);
