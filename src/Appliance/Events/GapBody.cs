
namespace Blackwall.Events;

/// <summary>Data of the event "gap": read the state again.</summary>
/// <param name="Missed">Events that this client did not get; null: not known.</param>
public sealed record GapBody(long? Missed);
