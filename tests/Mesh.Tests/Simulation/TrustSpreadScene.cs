using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Reputation;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>
/// Real routers carry the sightings of one attacker through a network in which a share passes nothing on; each honest node has an engine of its own, and is asked when it
/// acts and when it ends that after refutations.
/// </summary>
internal static class TrustSpreadScene
{
    private const int Dials = 20;
    private const int Reporters = 12;
    private const int Refuters = 8;
    private const int SettleMilliseconds = 200;
    private static readonly DateTimeOffset Began = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Runs it.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="peers">Nodes.</param>
    /// <param name="silent">Share that passes nothing on.</param>
    public static TrustSpreadResult Run(int seed, int peers, double silent)
    {
        SimNetwork network = new(seed, GossipOptions.Hardened, TopicScoreParameters.ForRate(1, GossipOptions.Hardened.Degree, TimeSpan.FromSeconds(2)), peers);
        SilentConduct dropper = new();
        for (int i = 0; i < peers; i++)
        {
            network.Add(i < peers * silent ? dropper : SimConduct.Honest);
        }

        foreach (SimNode node in network.Nodes)
        {
            network.ConnectToSome(node, network.Nodes, Dials);
        }

        List<SimNode> honest = [.. network.Nodes.Where(node => node.Conduct.IsHonest)];
        network.Run(TimeSpan.FromSeconds(5));
        List<SimMessage> sightings = [];
        for (int i = 0; i < Reporters; i++)
        {
            sightings.Add(network.Publish(honest[i]));
            network.Run(TimeSpan.FromSeconds(5));
        }

        List<SimMessage> refutations = [];
        for (int i = 0; i < Refuters; i++)
        {
            refutations.Add(network.Publish(honest[Reporters + i]));
        }

        network.Run(TimeSpan.FromSeconds(10));
        return Judge(honest, sightings, refutations);
    }

    private static TrustSpreadResult Judge(List<SimNode> honest, List<SimMessage> sightings, List<SimMessage> refutations)
    {
        IndicatorValue target = IndicatorValue.From(new IPAddress([11, 2, 3, 4]));
        long lastSighting = sightings[^1].PublishedAt;
        long seventh = sightings[6].PublishedAt;
        long acting = 0;
        long undone = 0;
        int never = 0;
        int stillActing = 0;
        foreach (SimNode node in honest.Skip(Reporters + Refuters))
        {
            TrustEngine engine = new(new ConsensusOptions(), Book([.. sightings.Concat(refutations).Select(message => message.Author.Id)]), PlaceOf, _ => false, _ => false);
            long? acted = null;
            foreach ((SimMessage message, MessageKind kind) in sightings.Select(message => (message, MessageKind.Sighting)).Concat(refutations.Select(message => (message, MessageKind.Refutation))).OrderBy(pair => pair.message.At(node) ?? long.MaxValue))
            {
                if (message.At(node) is not { } at)
                {
                    continue;
                }

                DateTimeOffset now = Began + TimeSpan.FromMilliseconds(at);
                engine.Apply(new IndicatorMessage(kind, target, EvidenceLevel.Exploit, "brute-force", now, now, 1, 90, TimeSpan.FromHours(24), message.Author.Id, 1, 1, now), now);
                bool acts = Acts(engine, target, now);
                acted ??= acts ? at : null;

                if (!acts && acted is not null && kind is MessageKind.Refutation)
                {
                    undone = Math.Max(undone, at + SettleMilliseconds - refutations[^1].PublishedAt);
                    acted = long.MaxValue;
                }
            }

            never += acted is null ? 1 : 0;
            stillActing += engine.Find(target)!.Action > MeshAction.Log ? 1 : 0;
        }

        // When each acted: asked again for the sightings alone, for the line above notes the first moment only.
        foreach (SimNode node in honest.Skip(Reporters + Refuters))
        {
            acting = Math.Max(acting, ActedAt(node, sightings, target) ?? lastSighting + 60_000);
        }

        return new TrustSpreadResult(acting - seventh, undone, never, stillActing);
    }

    private static long? ActedAt(SimNode node, List<SimMessage> sightings, IndicatorValue target)
    {
        TrustEngine engine = new(new ConsensusOptions(), Book([.. sightings.Select(message => message.Author.Id)]), PlaceOf, _ => false, _ => false);
        Queue<(SimMessage Message, long At)> coming = new(sightings.Where(message => message.At(node) is not null).Select(message => (message, message.At(node)!.Value)).OrderBy(pair => pair.Item2));
        long last = sightings[^1].PublishedAt + 60_000;
        for (long at = sightings[0].PublishedAt; at < last; at += SettleMilliseconds)
        {
            DateTimeOffset now = Began + TimeSpan.FromMilliseconds(at);
            while (coming.TryPeek(out (SimMessage Message, long At) next) && next.At <= at)
            {
                SimMessage message = coming.Dequeue().Message;
                engine.Apply(new IndicatorMessage(MessageKind.Sighting, target, EvidenceLevel.Exploit, "brute-force", now, now, 1, 90, TimeSpan.FromHours(24), message.Author.Id, 1, 1, now), now);
            }

            if (Acts(engine, target, now))
            {
                return at;
            }
        }

        return null;
    }

    private static bool Acts(TrustEngine engine, IndicatorValue target, DateTimeOffset now)
    {
        engine.Pass(now);
        engine.Settle(now);
        return engine.Find(target)?.Action > MeshAction.Log;
    }

    private static ReputationBook Book(IReadOnlyList<PeerId> reporters)
    {
        ReputationBook book = new();
        foreach (PeerId id in reporters)
        {
            PeerStanding standing = new(id, Began - TimeSpan.FromDays(45));
            for (int i = 0; i < 22; i++)
            {
                standing.Confirm(0.9, Began);
            }

            book.Add(standing);
        }

        return book;
    }

    // Every reporter has a network of its own: they are independent.
    private static NetworkPlace PlaceOf(PeerId id)
    {
        ulong number = BitConverter.ToUInt32(id.Bytes[6..]) + 1UL;
        return new NetworkPlace(number, number, number);
    }
}
