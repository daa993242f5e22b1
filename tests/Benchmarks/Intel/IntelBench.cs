using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Intel;

/// <summary>What others fetch, with a million indicators. Processor time is that of the appliance's process; the peers' figures are in the note of each row.</summary>
internal static class IntelBench
{
    private static readonly IFigureGroup[] All = [new TaxiiFigures(), new SinkFigures()];

    public static Task<int> RunAsync(IReadOnlyList<string> arguments) => GroupBench.RunAsync("intel", All, arguments);
}
