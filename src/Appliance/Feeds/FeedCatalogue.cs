using Blackwall.Feeds.Wire;

namespace Blackwall.Feeds;

/// <summary>Feeds that are known by name. None is used until an operator asks for it: each has terms of its own.</summary>
internal static class FeedCatalogue
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;

    public static IReadOnlyList<CatalogueFeed> All { get; } =
    [
        Block("firehol-level1", "FireHOL level 1: what is safe to block anywhere, with bogons", "https://raw.githubusercontent.com/firehol/blocklist-ipsets/master/firehol_level1.netset", FeedFormat.Plain, 80, Day),
        Block("firehol-level2", "FireHOL level 2: attacks of the last two days", "https://raw.githubusercontent.com/firehol/blocklist-ipsets/master/firehol_level2.netset", FeedFormat.Plain, 60, 4 * Hour),
        C2("feodo", "abuse.ch Feodo Tracker: C2 servers of banking trojans", "https://feodotracker.abuse.ch/downloads/ipblocklist.csv", FeedFormat.Feodo, 90, Hour),
        C2("sslbl", "abuse.ch SSL blacklist: C2 servers by address", "https://sslbl.abuse.ch/blacklist/sslipblacklist.csv", FeedFormat.Sslbl, 80, Hour),
        C2("threatfox", "abuse.ch ThreatFox: addresses and ports of malware", "https://threatfox.abuse.ch/export/csv/ip-port/recent/", FeedFormat.Threatfox, 75, Hour),
        C2("urlhaus", "abuse.ch URLhaus: hosts of malware known by address", "https://urlhaus.abuse.ch/downloads/csv_online/", FeedFormat.Urlhaus, 70, Hour),
        Block("spamhaus-drop", "Spamhaus DROP: hijacked networks, IPv4", "https://www.spamhaus.org/drop/drop_v4.json", FeedFormat.Spamhaus, 95, Day, Hour),
        Block("spamhaus-dropv6", "Spamhaus DROP: hijacked networks, IPv6", "https://www.spamhaus.org/drop/drop_v6.json", FeedFormat.Spamhaus, 95, Day, Hour),
        Block("emerging-threats", "Emerging Threats: compromised and attacking hosts", "https://rules.emergingthreats.net/fwrules/emerging-Block-IPs.txt", FeedFormat.Plain, 70, Day),
        Block("cins", "CINS Army: hosts with a bad score", "https://cinsscore.com/list/ci-badguys.txt", FeedFormat.Plain, 60, 4 * Hour),
        Block("blocklist-de", "blocklist.de: attacks reported within 48 hours", "https://lists.blocklist.de/lists/all.txt", FeedFormat.Plain, 60, Hour),
        Block("dshield", "DShield: the 20 networks that attack most", "https://feeds.dshield.org/block.txt", FeedFormat.Dshield, 70, Hour),
    ];

    public static CatalogueFeed? Find(string name) => All.FirstOrDefault(feed => string.Equals(feed.Name, name, StringComparison.Ordinal));

    private static CatalogueFeed Block(string name, string about, string url, FeedFormat format, int score, int interval, int gap = FeedSettings.UsualGap) =>
        new(name, about, Settings(url, format, FeedKind.Attackers, score, interval, gap));

    private static CatalogueFeed C2(string name, string about, string url, FeedFormat format, int score, int interval) =>
        new(name, about, Settings(url, format, FeedKind.C2, score, interval, FeedSettings.UsualGap));

    private static FeedSettings Settings(string url, FeedFormat format, FeedKind kind, int score, int interval, int gap) =>
        new(url, format, "", kind, FeedAction.Drop, score, interval, gap, Enabled: true, [], "Authorization", null);
}
