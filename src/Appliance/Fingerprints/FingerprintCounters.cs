using Blackwall.Pipeline.Ports;

namespace Blackwall.Fingerprints;

/// <summary>The fingerprints' part of /stats.</summary>
internal sealed class FingerprintCounters(FingerprintStage stage, FingerprintBook book) : IStatsSource
{
    public string Name => "fingerprints";

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(stage.Counters, StringComparer.Ordinal)
    {
        ["sources"] = book.Sources,
        ["sourcesUnproven"] = book.Unproven,
        ["sourcesEvicted"] = book.Evicted,
        ["displaced"] = book.Displaced,
    };
}
