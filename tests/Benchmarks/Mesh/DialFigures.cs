using Blackwall.Benchmarks.Report;
using Blackwall.Tests.Mesh.Interop;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>What a dial costs both ends: TCP, Noise, Yamux, identify both ways, and the end.</summary>
internal sealed class DialFigures : IFigureGroup
{
    private const double Budget = 0.2;

    public string Name => "dial";

    public string Title => "Dials: TCP, Noise, Yamux, identify; processor time of both ends";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int rounds = options.Rounds(9);
        int ours = options.Quick ? 100 : 200;
        int theirs = options.Quick ? 20 : 40;
        await using JsPeer dialler = await MeshNode.StartAsync(gossip: false);
        await using JsPeer listener = await MeshNode.StartAsync(gossip: false);
        await using JsPeer jsDialler = await JsPeer.StartAsync(new { quiet = true, listen = "" });
        await using JsPeer jsListener = await JsPeer.StartAsync(new { quiet = true });
        await CostAsync(dialler, listener, 5 * ours);
        await CostAsync(jsDialler, jsListener, 5 * theirs);
        List<double> costs = [];
        List<double> jsCosts = [];
        for (int round = 0; round < rounds; round++)
        {
            costs.Add(await CostAsync(dialler, listener, ours));
            jsCosts.Add(await CostAsync(jsDialler, jsListener, theirs));
        }

        book.Add(new Figure("processor time of a dial, both ends", costs.Median(), "ms", "js-libp2p", jsCosts.Median(), Budget, Note: "warm; medians of interleaved rounds"));
    }

    private static async Task<double> CostAsync(JsPeer dialler, JsPeer listener, int count)
    {
        double before = await Usage.CpuOfAsync(dialler, listener);
        await dialler.AskAsync("dialMany", new { address = listener.Address.ToString(), count }, seconds: 300);
        return (await Usage.CpuOfAsync(dialler, listener) - before) / count;
    }
}
