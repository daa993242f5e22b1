namespace Blackwall.Siem.Sinks;

/// <summary>What became of a test event.</summary>
/// <param name="Delivered">Whether the sink took it.</param>
/// <param name="Error">Why not.</param>
/// <param name="EventId">Id of the event that was sent.</param>
internal sealed record SinkTestBody(bool Delivered, string? Error, string EventId);
