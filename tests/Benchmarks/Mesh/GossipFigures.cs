using System.Text.Json.Nodes;
using Blackwall.Benchmarks.Report;
using Blackwall.Tests.Mesh.Interop;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>Signed and verified messages of 512 bytes between two peers.</summary>
internal sealed class GossipFigures : IFigureGroup
{
    private const string Topic = "bench";
    private const int Bytes = 512;
    private const double Budget = 0.2;

    // All at once, and the next when these are there: a queue that overflows drops messages, as it should.
    private const int Burst = 500;

    public string Name => "gossip";

    public string Title => "Gossip: 512 bytes, signed and verified, two peers";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int rounds = options.Rounds(5);
        await using JsPeer publisher = await MeshNode.StartAsync(gossip: true);
        await using JsPeer subscriber = await MeshNode.StartAsync(gossip: true);
        await using JsPeer jsPublisher = await JsPeer.StartAsync(new { quiet = true, gossip = new { } });
        await using JsPeer jsSubscriber = await JsPeer.StartAsync(new { quiet = true, gossip = new { } });
        await JoinAsync(publisher, subscriber);
        await JoinAsync(jsPublisher, jsSubscriber);
        int ours = options.Quick ? 5_000 : 20_000;
        int theirs = options.Quick ? 1_000 : 3_000;
        await CostAsync(publisher, subscriber, ours);
        await CostAsync(jsPublisher, jsSubscriber, theirs);
        List<double> costs = [];
        List<double> jsCosts = [];
        for (int round = 0; round < rounds; round++)
        {
            costs.Add(await CostAsync(publisher, subscriber, ours));
            jsCosts.Add(await CostAsync(jsPublisher, jsSubscriber, theirs));
        }

        book.Add(new Figure("processor time of a delivery, both ends", costs.Median() * 1000, "us", "js-libp2p", jsCosts.Median() * 1000, Budget, Note: "warm; medians of interleaved rounds; 0.2 is five times the deliveries a processor second"));

        await subscriber.AskAsync("latencies");
        await PublishAsync(publisher, subscriber, options.Quick ? 3_000 : 10_000, rate: 1_000);
        JsonObject told = await subscriber.AskAsync("latencies");
        book.Add(new Figure("publish to delivery at 1,000/s, p50", told["p50"]!.GetValue<double>(), "ms"));
        book.Add(new Figure("publish to delivery at 1,000/s, p99", told["p99"]!.GetValue<double>(), "ms", Budget: 2));
        book.Add(new Figure("memory of a peer after the load", (await Usage.OfAsync(subscriber)).Memory / 1e6, "MB", "js-libp2p", (await Usage.OfAsync(jsSubscriber)).Memory / 1e6));
    }

    private static async Task JoinAsync(JsPeer publisher, JsPeer subscriber)
    {
        await publisher.AskAsync("subscribe", new { topic = Topic });
        await subscriber.AskAsync("subscribe", new { topic = Topic });
        await publisher.AskAsync("dial", new { address = subscriber.Address.ToString() });
        while ((await publisher.AskAsync("meshPeers", new { topic = Topic }))["peers"]!.AsArray().Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task<double> CostAsync(JsPeer publisher, JsPeer subscriber, int count)
    {
        double before = await Usage.CpuOfAsync(publisher, subscriber);
        for (int done = 0; done < count; done += Burst)
        {
            await PublishAsync(publisher, subscriber, Burst, rate: int.MaxValue);
        }

        return (await Usage.CpuOfAsync(publisher, subscriber) - before) / count;
    }

    private static async Task PublishAsync(JsPeer publisher, JsPeer subscriber, int count, int rate)
    {
        int wanted = await ReceivedAsync(subscriber) + count;
        await publisher.AskAsync("publishMany", new { topic = Topic, count, bytes = Bytes, rate }, seconds: 300);
        long start = TimeProvider.System.GetTimestamp();
        while (await ReceivedAsync(subscriber) is var received && received < wanted)
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(10))
            {
                throw new InvalidOperationException($"{wanted - received} of {count} messages were not delivered.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private static async Task<int> ReceivedAsync(JsPeer peer) => (await peer.AskAsync("received"))["received"]!.GetValue<int>();
}
