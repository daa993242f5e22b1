namespace Blackwall.Api.Events;

/// <summary>One event: a decision change, evidence, or a wall status.</summary>
internal sealed record StreamEvent(long Sequence, DateTimeOffset Time, object Subject);
