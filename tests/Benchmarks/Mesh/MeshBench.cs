using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>The mesh beside js-libp2p, each peer in a process of its own, in one run on this machine.</summary>
internal static class MeshBench
{
    private static readonly IMeshFigures[] All = [new DialFigures(), new GossipFigures(), new IdleFigures(), new MixedFigures(), new SimulationFigures()];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (BenchOptions.Parse(arguments) is not { } options || (options.Only is { } only && !All.Any(figures => string.Equals(figures.Name, only, StringComparison.Ordinal))))
        {
            await Console.Error.WriteLineAsync($"usage: blackwall bench mesh [--json] [--quick] [--only {string.Join('|', All.Select(figures => figures.Name))}]");
            return 2;
        }

        FigureBook book = new();
        foreach (IMeshFigures figures in All.Where(figures => options.Only is null || string.Equals(figures.Name, options.Only, StringComparison.Ordinal)))
        {
            book.Begin(figures.Title);
            try
            {
                await figures.MeasureAsync(options, book);
            }
            catch (Exception exception)
            {
                // As in the other benchmarks: one group that cannot run does not take the others' figures away.
                book.Fail(exception.Message);
            }
        }

        await Console.Out.WriteLineAsync(options.Json ? book.Json() : book.Table());
        return book.AllRan ? 0 : 1;
    }
}
