using Blackwall.Config;
using Blackwall.Pipeline;

namespace Blackwall.Behavior;

/// <summary>Section [thresholds] as the configuration file has it.</summary>
internal static class DetectionSettings
{
    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<DetectionOptions>("thresholds", new DetectionOptions()).Annotated()
            .List("popular_destinations", o => [.. o.PopularDestinations.Select(p => $"{p}")], SetPopular),
    ];

    private static string? SetPopular(DetectionOptions options, IReadOnlyList<string> texts)
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

        options.PopularDestinations = prefixes;
        return null;
    }
}
