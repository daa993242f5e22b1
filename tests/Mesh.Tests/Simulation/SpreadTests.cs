using Xunit;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>Spreading with silent attackers at 1,000 peers; the benchmark does the same with 10,000.</summary>
public sealed class SpreadTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    public void Ninety_nine_percent_of_honest_peers_are_reached_within_600_ms_and_all_in_the_end(double attackers)
    {
        SpreadResult result = SpreadScene.Run(seed: 1, peers: 1_000, attackers, seconds: 40);
        output.WriteLine(result.ToString());
        Assert.InRange(result.WorstTime99, 1, 600);
        Assert.Equal(1, result.WorstCoverage);
        Assert.InRange(result.CopiesPerNode, 1, 10);

        // Of some 24,000 looks that honest peers take at each other: who is far off, or surrounded by attackers, may have nothing to tell for a while.
        Assert.InRange(result.HonestBelowZero, 0, 24);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_one_another()
    {
        SpreadResult first = SpreadScene.Run(seed: 5, peers: 200, attackers: 0.2, seconds: 12);
        SpreadResult second = SpreadScene.Run(seed: 5, peers: 200, attackers: 0.2, seconds: 12);
        SpreadResult other = SpreadScene.Run(seed: 6, peers: 200, attackers: 0.2, seconds: 12);
        Assert.Equal(first with { Took = default }, second with { Took = default });
        Assert.NotEqual(first.Events, other.Events);
    }
}
