namespace Blackwall.Siem.Sinks;

/// <summary>An event that a sink refused for what it is, as it is kept.</summary>
/// <param name="Id">Its number among refused events.</param>
/// <param name="Sequence">Its place in the event log.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Kind">Machine word: "decision".</param>
/// <param name="Why">What the sink said.</param>
/// <param name="Body">The event's own body: JSON in UTF-8.</param>
internal sealed record RefusedEvent(long Id, long Sequence, DateTimeOffset Time, string Kind, string Why, ReadOnlyMemory<byte> Body);
