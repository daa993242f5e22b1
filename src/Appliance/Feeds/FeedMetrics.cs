using Blackwall.Composition;

namespace Blackwall.Feeds;

/// <summary>What is counted of threat feeds.</summary>
internal static class FeedMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.feeds", "{feed}", "Threat feeds that there are.", "feeds", "feeds"),
        Metric.Gauge("blackwall.feeds.entries", "{entry}", "Entries of all lists in force.", "feeds", "entries"),
        Metric.Gauge("blackwall.feeds.claims", "{claim}", "Claims that feeds make on the board.", "feeds", "claims"),
        Metric.Gauge("blackwall.feeds.held", "{feed}", "Feeds whose new list waits for the operator.", "feeds", "held"),
        Metric.Gauge("blackwall.feeds.failing", "{feed}", "Feeds whose last fetch failed.", "feeds", "failing"),
        Metric.Gauge("blackwall.feeds.stale", "{feed}", "Feeds whose list is too old to be enforced.", "feeds", "stale"),
        Metric.Counter("blackwall.feeds.fetches", "{fetch}", "Attempts to refresh a feed.", "feeds", "fetches"),
        Metric.Counter("blackwall.feeds.failures", "{fetch}", "Attempts that failed.", "feeds", "failures"),
        Metric.Counter("blackwall.feeds.invalid_lines", "{line}", "Rows of feeds that could not be read.", "feeds", "invalid"),
        Metric.Counter("blackwall.feeds.refused", "{entry}", "Entries that are never enforced: private, reserved, too wide, guarded or allowed.", "feeds", "refused"),
        Metric.Counter("blackwall.feeds.bytes", "By", "Bytes of feeds that were read, unpacked.", "feeds", "bytes"),
        Metric.Counter("blackwall.feeds.matches", "{source}", "Sources told of that feeds list which only tell; once an hour a source.", "feedMatches", "matches"),
        Metric.Counter("blackwall.feeds.matches_untold", "{source}", "Listed sources not told of: there were too many within an hour.", "feedMatches", "untold"),
        Feed("blackwall.feed.entries", "{entry}", "Entries of the list of a feed.", one => one.List.Entries.Count),
        Feed("blackwall.feed.last_success", "s", "When the list of a feed was last known to be up to date, in seconds since 1970.", one => one.State.LastSuccess?.ToUnixTimeSeconds() ?? 0),
    ];

    private static Metric Feed(string name, string unit, string help, Func<FeedRunner, double> read) =>
        Metric.Observed(MetricType.Gauge, name, unit, help, scrape => scrape.Services.GetRequiredService<FeedBook>().All.Select(one => Metric.Value(read(one), ("feed", one.Feed.Name))));
}
