using Blackwall.Pipeline.Ports;

namespace Blackwall.Inspection;

/// <summary>The inspection's part of /stats.</summary>
internal sealed class InspectionCounters(InspectionStage stage) : IStatsSource
{
    public string Name => "dpi";

    public IReadOnlyDictionary<string, long> Read() => stage.Counters;
}
