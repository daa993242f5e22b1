using System.Diagnostics;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>How fast a message spreads while a share of all peers are silent attackers: degree 8, some 40 connections a node, by lot.</summary>
internal static class SpreadScene
{
    private const int Dials = 20;
    private const double MessagesPerSecond = 1;

    private static GossipOptions Options => GossipOptions.Hardened;

    public static SpreadResult Run(int seed, int peers, double attackers, int seconds)
    {
        long began = Stopwatch.GetTimestamp();
        SimNetwork network = new(seed, Options, TopicScoreParameters.ForRate(MessagesPerSecond, Options.Degree, TimeSpan.FromSeconds(2)), peers);
        SilentConduct silent = new();
        for (int i = 0; i < peers; i++)
        {
            network.Add(i < peers * attackers ? silent : SimConduct.Honest);
        }

        foreach (SimNode node in network.Nodes)
        {
            network.ConnectToSome(node, network.Nodes, Dials);
        }

        List<SimNode> honest = [.. network.Nodes.Where(node => node.Conduct.IsHonest)];
        network.Run(TimeSpan.FromSeconds(3));
        for (int second = 3; second < seconds; second++)
        {
            if (second < seconds - 4)
            {
                network.Publish(network.Any(honest));
            }

            network.Run(TimeSpan.FromSeconds(1));
        }

        List<SimMessage> messages = [.. network.Messages];
        int[] times = [.. messages.Select(message => message.TimeTo(0.99, honest) ?? int.MaxValue).Order()];
        return new SpreadResult
        {
            Messages = messages.Count,
            MedianTime99 = times[times.Length / 2],
            WorstTime99 = times[^1],
            Coverage = messages.Average(message => message.Coverage(honest)),
            WorstCoverage = messages.Min(message => message.Coverage(honest)),
            CopiesPerNode = honest.Average(node => node.Copies) / messages.Count,
            HonestBelowZero = honest.Sum(node => node.Links.Count(link => link.Remote.Conduct.IsHonest && node.Router.Score(link.Peer) < 0)),
            HonestInMeshes = honest.Sum(node => node.Mesh.Count(peer => ((SimLink)peer.Tag!).Remote.Conduct.IsHonest)) / (double)honest.Sum(node => node.Mesh.Count),
            Events = network.Clock.Processed,
            Took = Stopwatch.GetElapsedTime(began),
        };
    }
}
