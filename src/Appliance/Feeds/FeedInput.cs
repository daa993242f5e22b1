using Blackwall.Api.Contracts;

namespace Blackwall.Feeds;

/// <summary>What a feed shall be. Of a feed of the catalogue the name is enough.</summary>
/// <param name="Name">1..40 of a-z, 0-9 and '-'; never changes.</param>
/// <param name="Url">https://..., http:// of this machine, or file:///PATH below the folder for feeds.</param>
/// <param name="Format">plain, csv, json, stix, taxii, feodo, sslbl, threatfox, urlhaus, spamhaus or dshield; plain without it.</param>
/// <param name="Field">Column of CSV or member of JSON that has the address; without it what is usual.</param>
/// <param name="Kind">attackers, c2 or allow; attackers without it.</param>
/// <param name="Action">tell, rate-limit, redirect or drop; tell without it.</param>
/// <param name="Score">How sure the feed is, 0..100; 50 without it.</param>
/// <param name="IntervalSeconds">Time between two fetches, 300..604,800; 3600 without it.</param>
/// <param name="Enabled">Whether it is fetched and acted on; true without it.</param>
/// <param name="Reserved">Private and reserved ranges that the feed may name all the same, at most 16.</param>
/// <param name="Token">What it is fetched with: a token, or "user:password"; without it a stored one stays. Never shown again.</param>
/// <param name="Header">Name of the header that carries the token; "Authorization" without it.</param>
/// <param name="CaCertificate">PEM of the authority that the server's certificate comes from.</param>
internal sealed record FeedInput(
    string? Name = null, string? Url = null, [property: Word(FeedsFeature.FormatWords)] string? Format = null, string? Field = null, [property: Word(FeedsFeature.KindWords)] string? Kind = null,
    [property: Word(FeedsFeature.ActionWords)] string? Action = null, int? Score = null, int? IntervalSeconds = null, bool? Enabled = null, IReadOnlyList<string>? Reserved = null,
    string? Token = null, string? Header = null, string? CaCertificate = null);
