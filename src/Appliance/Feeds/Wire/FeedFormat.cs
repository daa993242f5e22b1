namespace Blackwall.Feeds.Wire;

/// <summary>How a feed is written.</summary>
internal enum FeedFormat
{
    /// <summary>One address, prefix or range a line, with comments: FireHOL netsets, Emerging Threats, CINS, blocklist.de, Spamhaus' former text.</summary>
    Plain,

    /// <summary>CSV with or without a header; one column has the address.</summary>
    Csv,

    /// <summary>JSON lines, or one JSON document with a list of strings or objects.</summary>
    Json,

    /// <summary>A STIX 2.1 bundle or a TAXII envelope; indicators of addresses count.</summary>
    Stix,

    /// <summary>abuse.ch Feodo Tracker, CSV.</summary>
    Feodo,

    /// <summary>abuse.ch SSL blacklist of addresses, CSV.</summary>
    Sslbl,

    /// <summary>abuse.ch ThreatFox, CSV.</summary>
    Threatfox,

    /// <summary>abuse.ch URLhaus, CSV: addresses in URLs count.</summary>
    Urlhaus,

    /// <summary>Spamhaus DROP and DROPv6, JSON lines whose last one counts the others.</summary>
    Spamhaus,

    /// <summary>DShield block list: first and last address and mask length, between tabulators.</summary>
    Dshield,

    /// <summary>A TAXII 2.1 collection, whose pages are envelopes of STIX objects.</summary>
    Taxii,
}
