using System.Globalization;
using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Five appliances in five namespaces are sensors of one operator. One is attacked and all act; one lies about an honest visitor and he stays; the first lifts its block
/// and all let go.
/// </summary>
public sealed class MeshScene : IScene
{
    private const int Rounds = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_fetch = TimeSpan.FromSeconds(5);

    public string Title => "A mesh of five sensors (curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var street = await play.Stage.Network.AddStreetAsync(MeshStreet.MostHouses);
        await using var sensors = await MeshSensors.StartAsync(street, play.Stage.Run, cancellation);
        await OneIsAttackedAsync(play, sensors, cancellation);
        await sensors.LieAsync(() => VisitorStaysAsync(play, street, sensors.All, cancellation), cancellation);
        await OneLiftsAsync(play, sensors.All, cancellation);
    }

    private async Task OneIsAttackedAsync(Play play, MeshSensors sensors, CancellationToken cancellation)
    {
        var block = await sensors.AttackFirstAsync(cancellation);
        play.Facts.Is(Title, "what the attacked sensor does to 1.2.3.4", "1.2.3.4", block?.Scope ?? "nothing");
        for (var other = 1; other < sensors.All.Count; other++)
        {
            var taken = await sensors.All[other].Api.WaitForDecisionAsync(MeshStreet.Attacker, decision => decision is { Origin: "mesh", Enforced: true }, s_patience, cancellation);
            var name = NameOf(other);
            play.Facts.Is(Title, $"{name} acts on", "1.2.3.4", taken?.Scope ?? "nothing");
            play.Facts.Fewer(Title, $"{name}: milliseconds after the block", taken is null || block is null ? long.MaxValue : (long)(taken.Start - block.Since).TotalMilliseconds, 2000);
            play.Facts.None(Title, $"{name}: decisions about 4.3.2.1", (await sensors.All[other].Api.DecisionsAsync(IPAddress.Parse("4.3.2.1"), cancellation)).Count);
        }
    }

    private async Task VisitorStaysAsync(Play play, MeshStreet street, IReadOnlyList<Appliance> sensors, CancellationToken cancellation)
    {
        for (var honest = 0; honest < sensors.Count - 1; honest++)
        {
            play.Facts.None(Title, $"{NameOf(honest)}: blocks of the visitor that is lied about", (await sensors[honest].Api.DecisionsAsync(MeshStreet.Visitor, cancellation)).Count(decision => decision.Blocks));
            var answered = 0;
            for (var round = 0; round < Rounds; round++)
            {
                answered += await street.Street.FetchAsync($"http://{new IPEndPoint(MeshStreet.AddressOf(honest), BulkServer.Port)}/200", MeshStreet.Visitor, s_fetch, cancellation) == 200 ? 1 : 0;
            }

            play.Facts.Is(Title, $"{NameOf(honest)}: the visitor's requests that are answered", "5", string.Create(CultureInfo.InvariantCulture, $"{answered}"));
        }
    }

    private async Task OneLiftsAsync(Play play, IReadOnlyList<Appliance> sensors, CancellationToken cancellation)
    {
        var lifted = TimeProvider.System.GetTimestamp();
        await sensors[0].Api.LiftAllAsync(MeshStreet.Attacker, cancellation);
        for (var other = 1; other < sensors.Count - 1; other++)
        {
            if (!await Tool.UntilAsync(async () => !(await sensors[other].Api.DecisionsAsync(MeshStreet.Attacker, cancellation)).Any(decision => decision.Origin is "mesh"), s_patience, cancellation))
            {
                throw new ToolFailedException("The mesh act: a sensor does not let go.");
            }
        }

        play.Facts.Fewer(Title, "milliseconds until all have let go of what the first lifted", (long)TimeProvider.System.GetElapsedTime(lifted).TotalMilliseconds, 5000);
    }

    private static string NameOf(int sensor) => string.Create(CultureInfo.InvariantCulture, $"sensor {sensor + 1}");
}
