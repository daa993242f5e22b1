using System.Text.Json.Nodes;
using Blackwall.Benchmarks.Report;
using Blackwall.Tests.Mesh.Interop;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>Five peers of ours and five of js-libp2p in one mesh.</summary>
internal sealed class MixedFigures : IFigureGroup
{
    private const string Topic = "mixed";
    private const int Each = 5;
    private const int Bytes = 512;

    public string Name => "mixed";

    public string Title => "Gossip: five peers of ours and five of js-libp2p in one mesh";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int messages = options.Quick ? 1_000 : 10_000;
        List<JsPeer> peers = [];
        try
        {
            for (int i = 0; i < Each; i++)
            {
                peers.Add(await MeshNode.StartAsync(gossip: true));
                peers.Add(await JsPeer.StartAsync(new { quiet = true, gossip = new { } }));
            }

            foreach (JsPeer peer in peers)
            {
                await peer.AskAsync("subscribe", new { topic = Topic });
            }

            for (int i = 0; i < peers.Count; i++)
            {
                for (int other = 0; other < i; other++)
                {
                    await peers[i].AskAsync("dial", new { address = peers[other].Address.ToString() });
                }
            }

            foreach (JsPeer peer in peers)
            {
                while ((await peer.AskAsync("meshPeers", new { topic = Topic }))["peers"]!.AsArray().Count < 4)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                }
            }

            int part = messages / peers.Count;
            await Task.WhenAll(peers.Select(peer => peer.AskAsync("publishMany", new { topic = Topic, count = part, bytes = Bytes, rate = 5 }, seconds: 600)));
            long expected = (long)messages * (peers.Count - 1) / peers.Count;
            long[] received = await SettleAsync(peers, expected);
            double lowest = double.MaxValue;
            foreach (JsPeer peer in peers)
            {
                JsonObject scores = (await peer.AskAsync("scores"))["scores"]!.AsObject();
                lowest = Math.Min(lowest, scores.Min(score => score.Value!.GetValue<double>()));
            }

            book.Add(new Figure("messages published by all together", messages, ""));
            book.Add(new Figure("share of its messages that the worst peer received", received.Min() * 100.0 / expected, "%", Budget: 100, AtLeast: true));
            book.Add(new Figure("lowest score that a peer has of another", lowest, "", Budget: 0, AtLeast: true));
        }
        finally
        {
            foreach (JsPeer peer in peers)
            {
                await peer.DisposeAsync();
            }
        }
    }

    // Until all have all, or nothing more comes.
    private static async Task<long[]> SettleAsync(List<JsPeer> peers, long expected)
    {
        long[] before = [];
        for (int quiet = 0; quiet < 10;)
        {
            long[] received = [.. (await Task.WhenAll(peers.Select(peer => peer.AskAsync("received")))).Select(answer => answer["received"]!.GetValue<long>())];
            if (received.Min() >= expected)
            {
                return received;
            }

            quiet = received.AsSpan().SequenceEqual(before) ? quiet + 1 : 0;
            before = received;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        return before;
    }
}
