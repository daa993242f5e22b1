using System.Globalization;
using System.Net;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// Two ways between a host outside and the server, of which one passes the wall: it sees the half that comes in (direct server return, dual uplink), and
/// then the half that goes out. 20 MB each way, begun by either side, with packets of their true size.
/// </summary>
public sealed class HalfSeenScene(int guest) : IScene
{
    private const long Bytes = 20_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public string Title => "Paths of which the wall sees one half (curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (network, server) = (play.Stage.Network, play.Stage.Network.Server);
        var outside = await network.AddGuestAsync(guest);
        var wire = await network.AddSideWireAsync(outside, guest);
        using var far = BulkServer.Start(outside.Network);
        var (address4, address6) = (outside.Addresses4[0], outside.Addresses6[0]);
        string[] past = [$"route add {address4}/32 dev {wire}", $"route add {address6}/128 via fe80::9 dev {wire}"];
        string[] pastBack = [$"route add {server.Addresses4[0]}/32 dev side", $"route add {server.Addresses6[0]}/128 via fe80::8 dev side"];
        List<string> failed = [];
        var answered = 0;

        await server.Network.ConfigureAsync(past);
        var before = await CarriedAsync(network, guest);
        await AllAsync("only what comes in is seen");
        var between = await CarriedAsync(network, guest);
        await server.Network.ConfigureAsync(past.Select(r => r.Replace(" add ", " delete ", StringComparison.Ordinal)));
        await outside.Network.ConfigureAsync(pastBack);
        await AllAsync("only what goes out is seen");
        var after = await CarriedAsync(network, guest);

        // Data by the one way, acknowledgements by the other.
        play.Facts.Some(Title, "bytes from there through the wall in the first half", between.In - before.In);
        play.Facts.Fewer(Title, "bytes to there through the wall in the first half", between.Out - before.Out, Bytes / 100);
        play.Facts.Some(Title, "bytes to there through the wall in the second half", after.Out - between.Out);
        play.Facts.Fewer(Title, "bytes from there through the wall in the second half", after.In - between.In, Bytes / 100);
        play.Facts.Some(Title, "transfers of 20 MB that were completed", answered);
        play.Facts.Is(Title, "transfers that were not", "none", failed.Count == 0 ? "none" : string.Join(", ", failed));
        await new Unharmed(play, Title).AreAsync([address4, address6], cancellation);

        async Task AllAsync(string half)
        {
            Transfer[] transfers =
            [
                new(outside.Network, address4, new IPEndPoint(server.Addresses4[0], 80)),
                new(outside.Network, address6, new IPEndPoint(server.Addresses6[0], 80)),
                new(server.Network, server.Addresses4[0], new IPEndPoint(address4, BulkServer.Port)),
                new(server.Network, server.Addresses6[0], new IPEndPoint(address6, BulkServer.Port)),
            ];
            foreach (var transfer in transfers)
            {
                if (await transfer.FetchAsync(Bytes, s_patience, cancellation))
                {
                    answered++;
                }
                else
                {
                    failed.Add(string.Create(CultureInfo.InvariantCulture, $"{transfer.Source} from {transfer.Target} while {half}"));
                }
            }
        }
    }

    // Of the router's wire to the guest.
    private static async Task<(long In, long Out)> CarriedAsync(LabNetwork network, int guest)
    {
        var device = string.Create(CultureInfo.InvariantCulture, $"tog{guest}");
        var read = await network.Outside.RunAsync("cat", $"/proc/self/net/dev");
        var fields = read.Split('\n').Single(l => l.TrimStart().StartsWith($"{device}:", StringComparison.Ordinal)).Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[8], CultureInfo.InvariantCulture));
    }
}
