using System.Net;
using Blackwall.Lab;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.EndToEnd;

/// <summary>Three appliances that are sensors of one operator: what one blocks, the others act on within seconds; what a liar says blocks nobody.</summary>
public sealed class MeshTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_fetch = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_sensor_blocks_the_others_act_on_and_a_liar_gets_nobody_blocked()
    {
        await using var stage = await Stage.BuildAsync(Cancellation);
        var street = await stage.Network.AddStreetAsync(3);
        await using var sensors = await MeshSensors.StartAsync(street, stage.Run, Cancellation);

        // The positive control of what follows: the attacker is acted on by the two that it never spoke to.
        Assert.Equal("1.2.3.4", (await sensors.AttackFirstAsync(Cancellation))?.Scope);
        foreach (var other in sensors.All.Skip(1))
        {
            var taken = await other.Api.WaitForDecisionAsync(MeshStreet.Attacker, decision => decision is { Origin: "mesh", Enforced: true }, s_patience, Cancellation);
            Assert.Equal("1.2.3.4", taken?.Scope);
            Assert.Empty(await other.Api.DecisionsAsync(MeshStreet.Visitor, Cancellation));
        }

        // What the first tells is listed there, as given to both.
        var reports = await sensors.All[0].Api.ReadAsync("mesh/reports", Cancellation);
        var report = reports["items"]!.AsArray().Single(item => (string?)item!["value"] is "1.2.3.4")!;
        Assert.Equal(("sighting", true, 2), ((string?)report["says"], (bool)report["published"]!, (int)report["peers"]!));

        await sensors.LieAsync(
            async () =>
            {
                for (var honest = 0; honest < 2; honest++)
                {
                    Assert.DoesNotContain(await sensors.All[honest].Api.DecisionsAsync(MeshStreet.Visitor, Cancellation), decision => decision.Blocks);
                    Assert.Equal(200, await street.Street.FetchAsync($"http://{new IPEndPoint(MeshStreet.AddressOf(honest), BulkServer.Port)}/200", MeshStreet.Visitor, s_fetch, Cancellation));
                }
            },
            Cancellation);
    }
}
