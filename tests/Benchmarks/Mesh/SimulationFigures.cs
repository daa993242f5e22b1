using Blackwall.Benchmarks.Report;
using Blackwall.Tests.Mesh.Simulation;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>The router among attackers, in virtual time: how messages spread, and what each attack of the GossipSub evaluation report does.</summary>
internal sealed class SimulationFigures : IFigureGroup
{
    private const int Seed = 1;
    private const int Seconds = 60;

    public string Name => "simulation";

    public string Title => "Gossip in virtual time: real routers, seeded";

    public Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int peers = options.Quick ? 1_000 : 10_000;
        foreach (double attackers in (double[])[0, 0.4])
        {
            SpreadResult spread = SpreadScene.Run(Seed, peers, attackers, Seconds);
            string who = $"{peers:N0} peers, {attackers:P0} silent";
            book.Add(new Figure($"{who}: 99 % of honest peers reached, median message", spread.MedianTime99 / 1000.0, "s"));
            book.Add(new Figure($"{who}: the same, slowest message", spread.WorstTime99 / 1000.0, "s", Budget: 0.6));
            book.Add(new Figure($"{who}: honest peers reached, worst message", spread.WorstCoverage * 100, "%", Budget: 100, AtLeast: true));
            book.Add(new Figure($"{who}: copies a peer and message", spread.CopiesPerNode, "", Budget: attackers == 0 ? null : 6));
            book.Add(new Figure($"{who}: 60 virtual seconds took", spread.Took.TotalSeconds, "s", Budget: 60));
        }

        foreach (string attack in AttackScene.Names)
        {
            AttackResult result = AttackScene.Run(attack, Seed, options.Quick ? 1_000 : peers);
            book.Add(new Figure($"{attack}: delivered", result.Delivered * 100, "%", Budget: 99, AtLeast: true, Note: "four Sybils for each honest peer and connection"));
            book.Add(new Figure($"{attack}: delivered within 2 s", result.DeliveredInTwoSeconds * 100, "%"));
            book.Add(new Figure($"{attack}: honest share of the meshes after 60 s", result.HonestMeshAfter * 100, "%", Budget: attack is "censor" ? null : 80, AtLeast: true));
        }

        return Task.CompletedTask;
    }
}
