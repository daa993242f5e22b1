namespace Blackwall.Client.Feeds;

/// <summary>What a feed shall be. Of one of the catalogue the name is enough.</summary>
public sealed record FeedDraft(
    string? Name = null, string? Url = null, string? Format = null, string? Field = null, string? Kind = null, string? Action = null, int? Score = null, int? IntervalSeconds = null, bool? Enabled = null,
    IReadOnlyList<string>? Reserved = null, string? Token = null, string? Header = null, string? CaCertificate = null);
