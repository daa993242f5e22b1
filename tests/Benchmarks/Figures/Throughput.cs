using System.Globalization;
using System.Text.Json;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What honest bulk traffic loses to the wall.</summary>
internal sealed class Throughput : IFigures
{
    public string Name => "throughput";

    public string Title => "TCP throughput of the pass path over veth (E = an empty native XDP program)";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        using BenchPrograms bench = BenchPrograms.Load();
        using LoadedWall wall = LoadedWall.Create(SamplePolicy.Entries(SamplePolicy.Hosts(100_000), SamplePolicy.Prefixes4(50_000), SamplePolicy.Prefixes6(50_000)));
        await using BenchNetwork ours = await BenchNetwork.CreateAsync(run, "b");
        using SafeFileHandle ingress = ours.Attach(wall.Programs.Ingress);
        using SafeFileHandle egress = ours.AttachEgress(wall.Programs.Egress);
        await using BenchNetwork plain = await BenchNetwork.CreateAsync(run, "e");
        using SafeFileHandle empty = plain.Attach(bench.Empty);
        await using RunningTool ourServer = ours.Edge.Start(["iperf3", "-s", "--forceflush"]);
        await using RunningTool plainServer = plain.Edge.Start(["iperf3", "-s", "--forceflush"]);
        foreach (RunningTool server in new[] { ourServer, plainServer })
        {
            await Tool.UntilAsync(() => Task.FromResult(server.Output.Contains("listening", StringComparison.OrdinalIgnoreCase)), TimeSpan.FromSeconds(5), CancellationToken.None);
        }

        List<double> withWall = [], withEmpty = [];
        for (int round = 0; round < options.Rounds(9); round++)
        {
            withWall.Add(await GigabitsAsync(ours, options));
            withEmpty.Add(await GigabitsAsync(plain, options));
        }

        book.Add(new("TCP bulk, one stream, every feature on", withWall.Median(), "Gbit/s", "E", withEmpty.Median(), 0.90, AtLeast: true, Note: "iperf3, interleaved rounds; ingress and egress programs attached, 100k hosts + 50k + 50k prefixes loaded"));
    }

    private static async Task<double> GigabitsAsync(BenchNetwork network, BenchOptions options)
    {
        string seconds = (options.Quick ? 1 : 2).ToString(CultureInfo.InvariantCulture);
        ToolResult result = await network.Outside.TryAsync(["iperf3", "-c", BenchNetwork.EdgeAddress, "-t", seconds, "-J"], TimeSpan.FromSeconds(20));
        if (!result.Succeeded)
        {
            throw new ToolFailedException($"iperf3 failed: {result.Output}{result.Errors}");
        }

        using JsonDocument report = JsonDocument.Parse(result.Output);
        return report.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
    }
}
