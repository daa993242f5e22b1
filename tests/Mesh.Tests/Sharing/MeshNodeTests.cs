using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Sharing;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>Sensors of one operator over real connections.</summary>
public sealed class MeshNodeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_sensor_reports_every_sensor_limits_under_its_own_address_and_withdrawing_it_ends_that()
    {
        Sensor[] sensors = await Sensor.StartAsync(3, Cancellation);
        await using var stopping = new Stopping(sensors);
        Assert.True(sensors[1].Report("1.2.3.4"));
        await Sensor.UntilAsync(() => sensors[0].ActionOn("1.2.3.4") is MeshAction.RateLimit && sensors[2].ActionOn("1.2.3.4") is MeshAction.RateLimit, Cancellation);

        // No reader of the other byte order: the address is no palindrome.
        Assert.Null(sensors[2].Node.Find(Sensor.Value("4.3.2.1")));
        Vote vote = Assert.Single(sensors[2].Node.Find(Sensor.Value("1.2.3.4"))!.Votes);
        Assert.Equal((sensors[1].Node.Id, EvidenceLevel.Exploit, "brute-force"), (vote.Author, vote.Evidence, vote.Reason));

        Assert.True(sensors[1].Node.Withdraw(Sensor.Value("1.2.3.4"), "lifted"));
        await Sensor.UntilAsync(() => sensors[0].ActionOn("1.2.3.4") is MeshAction.None && sensors[2].ActionOn("1.2.3.4") is MeshAction.None, Cancellation);
    }

    [Fact]
    public async Task Our_own_sighting_beside_a_members_blocks_and_a_members_refutation_undoes_it_everywhere()
    {
        Sensor[] sensors = await Sensor.StartAsync(3, Cancellation);
        await using var stopping = new Stopping(sensors);
        sensors[1].Report("93.184.216.34");
        sensors[2].Report("93.184.216.34");
        await Sensor.UntilAsync(() => sensors[1].ActionOn("93.184.216.34") is MeshAction.Block && sensors[0].ActionOn("93.184.216.34") is MeshAction.Tarpit, Cancellation);
        sensors[0].Node.Refute(Sensor.Value("93.184.216.34"));
        await Sensor.UntilAsync(() => Array.TrueForAll(sensors, sensor => sensor.ActionOn("93.184.216.34") is MeshAction.None), Cancellation);
        Assert.Equal("refuted", sensors[1].Node.Find(Sensor.Value("93.184.216.34"))!.Result.Reason);
    }

    [Fact]
    public async Task A_sensor_that_comes_later_and_one_that_reported_alone_hear_of_each_other()
    {
        Sensor[] sensors = await Sensor.StartAsync(2, Cancellation);
        string folder = Directory.CreateTempSubdirectory("blackwall-mesh-").FullName;
        await using var stopping = new Stopping(sensors);
        sensors[1].Report("203.0.114.9");
        await Sensor.UntilAsync(() => sensors[0].ActionOn("203.0.114.9") is MeshAction.RateLimit, Cancellation);
        HashSet<Blackwall.Mesh.Libp2p.PeerId> members = [.. sensors.Select(sensor => sensor.Node.Id)];

        // Alone at first: what it says waits over its restart.
        await using (Sensor alone = await Sensor.StartAsync(folder, members, [], Cancellation))
        {
            alone.Report("198.51.101.7");
            await Sensor.UntilAsync(() => alone.Node.Counts[ShareCount.Waited] == 1, Cancellation);
            await alone.Node.DisposeAsync();
            await using Sensor again = await Sensor.StartAsync(folder, members, [sensors[0].Address], Cancellation);
            await Sensor.UntilAsync(() => again.ActionOn("203.0.114.9") is MeshAction.RateLimit, Cancellation);
            await Sensor.UntilAsync(() => sensors[1].Node.Find(Sensor.Value("198.51.101.7")) is { Votes.Count: 1 }, Cancellation);
            Assert.Equal(0, again.Node.Waiting);
        }
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("8.8.8.8")]
    [InlineData("198.41.0.4")]
    [InlineData("2001:4860:4860::8888")]
    public async Task Nothing_is_reported_of_what_is_protected_everywhere(string address)
    {
        Sensor[] sensors = await Sensor.StartAsync(2, Cancellation);
        await using var stopping = new Stopping(sensors);
        Assert.False(sensors[1].Report(address));
        Assert.True(sensors[1].Report("9.9.9.8"));
    }

    private sealed class Stopping(IReadOnlyList<Sensor> sensors) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (Sensor sensor in sensors)
            {
                await sensor.DisposeAsync();
            }
        }
    }
}
