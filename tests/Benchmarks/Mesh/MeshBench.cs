using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>The mesh beside js-libp2p, each peer in a process of its own, in one run on this machine.</summary>
internal static class MeshBench
{
    private static readonly IFigureGroup[] All = [new DialFigures(), new GossipFigures(), new IdleFigures(), new MixedFigures(), new SimulationFigures(), new TrustFigures()];

    public static Task<int> RunAsync(IReadOnlyList<string> arguments) => GroupBench.RunAsync("mesh", All, arguments);
}
