using Blackwall.Config;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Settings;

/// <summary>Section [thresholds] as the configuration file has it.</summary>
internal static class DetectionSettings
{
    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<DetectionOptions>("thresholds", "When behaviour becomes evidence, and what is then done. Counts are per source address unless they say otherwise.", new DetectionOptions()).Annotated()
            .List("popular_destinations", "Outside addresses and prefixes whose visits are no beacons and no exfiltration: update servers, backups, monitoring.", o => Texts(o.PopularDestinations), (o, texts) => Set(texts, prefixes => o.PopularDestinations = prefixes))
            .List("proxies", "Addresses and prefixes that many people share, such as proxies and gateways of carriers: reported and limited, never blocked by detection.", o => Texts(o.Proxies), (o, texts) => Set(texts, prefixes => o.Proxies = prefixes))
            .List("monitors", "Addresses and prefixes of monitors: their tries at ports and hosts are no scans; their requests and failed logins count like those of anybody.", o => Texts(o.Monitors), (o, texts) => Set(texts, prefixes => o.Monitors = prefixes))
            .LiveExcept("max_networks", "max_outbound_pairs", "max_inside_hosts", "max_dns_domains", "max_unproven_sources", "max_proven_sources", "max_watched_sources"),
    ];

    private static IReadOnlyList<string> Texts(IReadOnlyList<Prefix> prefixes) => [.. prefixes.Select(p => $"{p}")];

    private static string? Set(IReadOnlyList<string> texts, Action<IReadOnlyList<Prefix>> keep)
    {
        List<Prefix> prefixes = [];
        foreach (string text in texts)
        {
            if (!Prefix.TryParse(text, out Prefix prefix, out _))
            {
                return $"must be a list of addresses and prefixes; '{text}' is not one";
            }

            prefixes.Add(prefix);
        }

        keep(prefixes);
        return null;
    }
}
