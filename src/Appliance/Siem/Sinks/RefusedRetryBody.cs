namespace Blackwall.Siem.Sinks;

/// <summary>What became of refused events that were sent again.</summary>
/// <param name="Sent">The sink took them; they are not kept any more.</param>
/// <param name="Refused">The sink refused them again; they are still kept.</param>
/// <param name="Error">Why the sink was not asked about the rest; null: it was asked about all.</param>
internal sealed record RefusedRetryBody(long Sent, long Refused, string? Error);
