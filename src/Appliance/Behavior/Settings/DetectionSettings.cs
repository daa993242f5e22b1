using Blackwall.Config;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Settings;

/// <summary>Section [thresholds] as the configuration file has it.</summary>
internal static class DetectionSettings
{
    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<DetectionOptions>("thresholds", new DetectionOptions()).Annotated()
            .List("popular_destinations", o => Texts(o.PopularDestinations), (o, texts) => Set(texts, prefixes => o.PopularDestinations = prefixes))
            .List("proxies", o => Texts(o.Proxies), (o, texts) => Set(texts, prefixes => o.Proxies = prefixes))
            .List("monitors", o => Texts(o.Monitors), (o, texts) => Set(texts, prefixes => o.Monitors = prefixes)),
    ];

    private static IReadOnlyList<string> Texts(IReadOnlyList<Prefix> prefixes) => [.. prefixes.Select(p => $"{p}")];

    private static string? Set(IReadOnlyList<string> texts, Action<IReadOnlyList<Prefix>> keep)
    {
        List<Prefix> prefixes = [];
        foreach (string text in texts)
        {
            if (!Prefix.TryParse(text, out Prefix prefix, out _))
            {
                return $"is a list of addresses and prefixes; '{text}' is none";
            }

            prefixes.Add(prefix);
        }

        keep(prefixes);
        return null;
    }
}
