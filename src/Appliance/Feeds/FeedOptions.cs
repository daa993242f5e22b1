using Blackwall.Config;

namespace Blackwall.Feeds;

/// <summary>[feeds]: threat feeds.</summary>
public sealed class FeedOptions
{
    /// <summary>Feeds of the catalogue that are made at the start when they are not there.</summary>
    public IReadOnlyList<string> Use { get; set; } = [];

    /// <summary>The only folder that file:// may name.</summary>
    public string Folder { get; set; } = "/etc/blackwall/feeds";

    /// <summary>Most entries of a feed.</summary>
    public int MaxEntries { get; set; } = 500_000;

    /// <summary>Most MiB of a feed, unpacked.</summary>
    public int MaxMegabytes { get; set; } = 32;

    /// <summary>A fetch that takes longer fails.</summary>
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Ordinary users that all feeds together may stop; a list that would stop more waits for the operator.</summary>
    public int MaxUsers { get; set; } = 5;

    /// <summary>Whether lists over more than a /8 of IPv4 or a /19 of IPv6 are meant.</summary>
    public bool AllowWide { get; set; }

    internal long MaxBytes => (long)MaxMegabytes << 20;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<FeedOptions>("feeds", "Threat feeds: lists of addresses that others publish.", new FeedOptions())
            .List("use", $"Feeds of the catalogue that are made at the start when they are not there: {string.Join(", ", FeedCatalogue.All.Select(feed => feed.Name))}.", o => o.Use, (o, v) =>
            {
                o.Use = v;
                return v.FirstOrDefault(name => FeedCatalogue.Find(name) is null) is { } unknown ? $"is a list of names of the catalogue; '{unknown}' is none of them" : null;
            })
            .Text("folder", "Absolute path of the only folder from which feeds may be read as files.", o => o.Folder, (o, v) =>
            {
                o.Folder = v;
                return v.StartsWith('/') ? null : "is an absolute path";
            })
            .Integer("max_entries", "Entries of one feed; a longer one is refused.", 1_000, 10_000_000, o => o.MaxEntries, (o, v) => o.MaxEntries = (int)v)
            .Integer("max_megabytes", "MiB of one feed, unpacked; a longer one is refused.", 1, 512, o => o.MaxMegabytes, (o, v) => o.MaxMegabytes = (int)v)
            .Integer("timeout_seconds", "Seconds after which a fetch fails, however slowly its server goes on.", 1, 600, o => o.TimeoutSeconds, (o, v) => o.TimeoutSeconds = (int)v)
            .Integer("max_users", "Ordinary users of the last days that all feeds together may stop; a list that would stop more waits until an operator accepts it.", 0, 1_000_000, o => o.MaxUsers, (o, v) => o.MaxUsers = (int)v)
            .Flag("allow_wide", "Whether a list over more than a /8 of IPv4 or a /19 of IPv6 in all comes into force without an operator who accepts it.", o => o.AllowWide, (o, v) => o.AllowWide = v)
            .LiveExcept("use"),
    ];
}
