namespace Blackwall.Feeds.Wire;

/// <summary>What a TAXII envelope says of its end.</summary>
/// <param name="HasMore">Whether there are more pages.</param>
/// <param name="Next">What to ask for the next one with; null: not said.</param>
internal sealed record StixPage(bool HasMore, string? Next);
