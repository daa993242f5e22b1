using System.Diagnostics;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Peers;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Rules;

namespace Blackwall.Benchmarks.Figures;

/// <summary>How long a list takes from a file to being in force.</summary>
internal sealed class PolicyLoad : IFigures
{
    public string Name => "policy";

    public string Title => "Policy from a file to enforced";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        List<Prefix> hosts = SamplePolicy.Hosts(1_000_000);
        List<Prefix> usual = hosts[..100_000];
        List<Prefix> prefixes = SamplePolicy.Prefixes4(50_000);
        string list = run.File("usual.netset"), million = run.File("million.netset"), script = run.File("usual.nft");
        await File.WriteAllLinesAsync(list, usual.Concat(prefixes).Select(p => p.ToString()));
        await File.WriteAllLinesAsync(million, hosts.Select(p => p.ToString()));
        await NftSet.WriteAsync(script, usual, prefixes);
        await using BenchNetwork network = await BenchNetwork.CreateAsync(run, "p");
        using DetachedWall wall = new(run);
        List<double> ours = [], theirs = [], large = [];
        for (int round = 0; round <= options.Rounds(9); round++)
        {
            double mine = Enforce(wall, list, usual.Count + prefixes.Count);
            long started = Stopwatch.GetTimestamp();
            await NftSet.LoadAsync(network.Edge, script);
            double nft = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            await NftSet.ClearAsync(network.Edge);
            if (round == 0)
            {
                book.Add(new("100k hosts + 50k prefixes, first time in the process", mine, "ms", "nft -f", nft));
                continue;
            }

            ours.Add(mine);
            theirs.Add(nft);
        }

        for (int round = 0; round < options.Rounds(5); round++)
        {
            large.Add(Enforce(wall, million, hosts.Count));
        }

        book.Add(new("100k hosts + 50k prefixes", ours.Median(), "ms", "nft -f", theirs.Median(), 0.25, Note: "file -> list parser -> board -> generation -> swap in process; nft -f with its process; interleaved rounds"));
        book.Add(new("1M hosts", large.Median(), "ms", Budget: 2_000));
    }

    private static double Enforce(DetachedWall wall, string file, int expected)
    {
        wall.Begin();

        // The wall gives the generation before back in slices, beside its work; that is no part of this load.
        Native.Nap(TimeSpan.FromSeconds(1));
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        (List<Prefix> scopes, _, List<(int Line, string Error)> errors) = Netset.Parse(File.ReadAllText(file), 2_000_000);
        DecisionRequest template = new(default, Verdict.Drop, Origin.Operator, "import", 1, null, [], null, "bench");
        IReadOnlyList<(int Index, string Sentence)> refusals = wall.Board.PublishAll(template, scopes, out _);
        wall.Writer.Synchronise();
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (errors.Count + refusals.Count > 0 || wall.Writer.LastSize != expected)
        {
            throw new InvalidOperationException($"{errors.Count} lines were bad, {refusals.Count} refused ({(refusals.Count > 0 ? refusals[0].Sentence : "")}), {wall.Writer.LastSize} of {expected} enforced.");
        }

        return milliseconds;
    }
}
