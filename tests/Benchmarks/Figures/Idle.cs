using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What the appliance takes when nothing happens, and how fast it is back with a million decisions.</summary>
internal sealed class Idle : IFigures
{
    private const int Million = 1_000_000;

    public string Name => "idle";

    public string Title => "The appliance at rest, and its start";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        await using BenchNetwork network = await BenchNetwork.CreateAsync(run, "i");
        await using (BenchAppliance appliance = await BenchAppliance.StartAsync(network, run, "empty"))
        {
            book.Add(new("start to ready, empty store", appliance.ReadyAfter.TotalMilliseconds, "ms"));
            await RestAsync(options, appliance, book, "empty store");
        }

        StoredBoard.Fill(BenchAppliance.StateFolder(run, "million"), SamplePolicy.Hosts(Million));
        List<double> standing = [], ready = [];
        for (int round = 0; round < options.Rounds(3); round++)
        {
            await using BenchAppliance appliance = await BenchAppliance.StartAsync(network, run, "million");
            standing.Add(appliance.StandingAfter.TotalMilliseconds);
            ready.Add(appliance.ReadyAfter.TotalMilliseconds);
            if (round == 0)
            {
                await RestAsync(options, appliance, book, "1M decisions");
            }
        }

        book.Add(new("start to 1M stored hosts enforced", standing.Median(), "ms", Budget: 2_000, Note: "process start to the XDP link's pin; the policy is whole before it is attached"));
        book.Add(new("start to ready, 1M stored decisions", ready.Median(), "ms", Budget: 3_000));
    }

    private static async Task RestAsync(BenchOptions options, BenchAppliance appliance, FigureBook book, string what)
    {
        TimeSpan watched = TimeSpan.FromSeconds(options.Quick ? 5 : 10);
        // Half a minute: until then the runtime still compiles what the start used often.
        await Tool.PauseAsync(TimeSpan.FromSeconds(options.Quick ? 5 : 30), CancellationToken.None);
        TimeSpan before = appliance.Busy;
        await Tool.PauseAsync(watched, CancellationToken.None);
        book.Add(new($"idle CPU, {what}", (appliance.Busy - before) / watched * 100, "%", Budget: 1));
        book.Add(new($"idle memory (resident), {what}", appliance.Memory, "MiB", Budget: 150));
    }
}
