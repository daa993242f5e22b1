using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>Who is in the mesh, and why.</summary>
public sealed class RouterMeshTests
{
    [Fact]
    public void A_joined_topic_gets_a_mesh_of_the_wanted_degree()
    {
        RouterBench bench = new();
        bench.AddMany(20);
        bench.Router.FillMesh(bench.Router.Join("t"), bench.Now);
        Assert.Equal(6, bench.Output.Grafts.Count);
        Assert.Equal(6, bench.Topic().MeshSize);
        bench.Beat(3);
        Assert.Equal(6, bench.Topic().MeshSize);
    }

    [Fact]
    public void The_mesh_is_chosen_by_lot_and_not_by_order()
    {
        int[] chosen = new int[40];
        for (int seed = 0; seed < 200; seed++)
        {
            RecordingOutput output = new();
            GossipRouter router = new(new GossipOptions(), output, new Random(seed));
            for (int n = 0; n < 40; n++)
            {
                router.Subscription(router.AddPeer(TestPeers.Id(n), GossipVersion.V12, true, null, n), "t", true);
            }

            router.FillMesh(router.Join("t"), 0);
            output.Grafts.ForEach(graft => chosen[(int)graft.Peer.Tag!]++);
        }

        // 200 meshes of 6 out of 40: 30 each; a fair lot stays far inside of 8 to 60.
        Assert.All(chosen, times => Assert.InRange(times, 8, 60));
    }

    [Fact]
    public void A_mesh_that_is_too_large_is_cut_down_to_the_degree_and_keeps_dialled_peers()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer[] dialled = bench.AddMany(2);
        GossipPeer[] others = bench.AddMany(14, from: 10, outbound: false);
        foreach (GossipPeer peer in (GossipPeer[])[.. others, .. dialled])
        {
            bench.Graft(peer);
        }

        // Inbound peers find the mesh full at D_hi; those that we dialled are let in beyond it.
        Assert.Equal(14, bench.Topic().MeshSize);
        Assert.Equal(2, bench.Output.Prunes.Count);
        bench.Beat();
        IReadOnlyList<GossipPeer> mesh = bench.Router.Mesh("t");
        Assert.Equal(6, mesh.Count);
        Assert.Equal(2, mesh.Count(peer => peer.Outbound));
    }

    [Fact]
    public void The_best_peers_survive_a_cut()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer[] peers = bench.AddMany(14);
        foreach (GossipPeer peer in peers)
        {
            bench.Graft(peer);
        }

        for (int i = 0; i < 4; i++)
        {
            for (int n = 0; n < 5; n++)
            {
                bench.Receive(peers[i + 5], TestPeers.Message((i * 100) + n));
            }
        }

        bench.Beat();
        Assert.Equal(6, bench.Topic().MeshSize);
        Assert.All(peers[5..9], peer => Assert.Contains(peer, bench.Router.Mesh("t")));
    }

    [Fact]
    public void A_mesh_without_dialled_peers_takes_some_in()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        foreach (GossipPeer peer in bench.AddMany(6, from: 10, outbound: false))
        {
            bench.Graft(peer);
        }

        GossipPeer[] dialled = bench.AddMany(5);
        bench.Beat();
        Assert.Equal(2, bench.Router.Mesh("t").Count(peer => dialled.Contains(peer)));
    }

    [Fact]
    public void A_peer_below_zero_leaves_the_mesh_with_a_backoff_and_is_not_taken_back()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer bad = bench.Add(1);
        GossipPeer good = bench.Add(2);
        bench.Graft(bad);
        bench.Graft(good);
        bench.Receive(bad, TestPeers.Message(1), Blackwall.Mesh.Libp2p.Validation.Reject);
        Assert.True(bench.Router.Score(bad) < 0);
        bench.Beat();
        Assert.Equal([good], bench.Router.Mesh("t"));
        Assert.Equal((bad, "t", TimeSpan.FromSeconds(60)), (bench.Output.Prunes[0].Peer, bench.Output.Prunes[0].Topic, bench.Output.Prunes[0].Backoff));
        Assert.Contains((bad, "t", false, PruneReason.Score), bench.Output.MeshChanges);
    }

    [Fact]
    public void A_graft_inside_of_the_backoff_is_refused_and_costs_twice_within_ten_seconds()
    {
        RouterBench bench = new(new GossipOptions { Scores = new PeerScoreParameters { BehaviourThreshold = 0, BehaviourWeight = -1 } });
        bench.Router.Join("t");
        GossipPeer peer = bench.Add(1);
        bench.Graft(peer);
        bench.Router.Leave("t", bench.Now);
        bench.Router.Join("t");
        Assert.Equal(TimeSpan.FromSeconds(10), bench.Output.Prunes[^1].Backoff);
        bench.Now += 1_000;
        bench.Graft(peer);
        Assert.Equal(-4, bench.Router.Score(peer));
        Assert.Equal(2, bench.Output.Prunes.Count);
        Assert.Equal(TimeSpan.FromSeconds(60), bench.Output.Prunes[^1].Backoff);

        // Past the flood time and within the new backoff: once.
        bench.Now += 11_000;
        bench.Graft(peer);
        Assert.Equal(-9, bench.Router.Score(peer));
        Assert.Equal(2, bench.Router.Counters.EarlyGrafts);
        Assert.Empty(bench.Router.Mesh("t"));
    }

    [Fact]
    public void After_the_backoff_a_graft_is_taken()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer peer = bench.Add(1);
        bench.Router.Prune(peer, bench.Topic(), 30, bench.Now);
        bench.Now += 30_000;
        bench.Graft(peer);
        Assert.Equal([peer], bench.Router.Mesh("t"));
    }

    [Fact]
    public void We_do_not_graft_inside_of_a_backoff_and_wait_a_heartbeat_longer()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer peer = bench.Add(1);
        bench.Router.Prune(peer, bench.Topic(), 5, bench.Now);
        bench.Beat(5);
        Assert.Empty(bench.Output.Grafts);
        bench.Beat();
        Assert.Single(bench.Output.Grafts);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData((ulong)long.MaxValue)]
    [InlineData(1_000_000_000ul)]
    public void A_backoff_of_centuries_is_held_to_an_hour(ulong seconds)
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer peer = bench.Add(1);
        bench.Router.Prune(peer, bench.Topic(), seconds, bench.Now);
        bench.Now += 3_599_000;
        bench.Beat();
        Assert.Empty(bench.Output.Grafts);
        bench.Beat();
        Assert.Single(bench.Output.Grafts);
    }

    [Fact]
    public void A_graft_for_a_topic_that_we_are_not_in_is_ignored()
    {
        RouterBench bench = new();
        GossipPeer peer = bench.Add(1);
        bench.Router.Graft(peer, bench.Router.FindTopic("t"), bench.Now);
        Assert.Empty(bench.Output.Prunes);
        Assert.Equal(0, bench.Router.Score(peer));
    }

    [Fact]
    public void An_explicit_peer_is_in_no_mesh_and_gets_every_message()
    {
        RouterBench bench = new(explicitPeers: [1]);
        bench.Router.Join("t");
        GossipPeer friend = bench.Add(1);
        GossipPeer other = bench.Add(2);
        bench.Graft(friend);
        bench.Beat();
        Assert.Equal([other], bench.Router.Mesh("t"));
        Assert.Equal(friend, Assert.Single(bench.Output.Prunes).Peer);
        bench.Receive(other, TestPeers.Message(1));
        Assert.Equal([(friend, TestPeers.MessageId(1))], bench.Output.Sent);
    }

    [Fact]
    public void A_poor_mesh_takes_in_better_peers_every_sixty_heartbeats()
    {
        Dictionary<int, double> scores = [];
        RouterBench bench = new(appScore: id => scores.GetValueOrDefault(BitConverter.ToInt32(id.Bytes[6..])));
        bench.Router.Join("t");
        for (int n = 0; n < 6; n++)
        {
            bench.Graft(bench.Add(n, topic: "t"));
        }

        for (int n = 10; n < 20; n++)
        {
            scores[n] = 50;
            bench.Add(n);
        }

        bench.Beat(59);
        Assert.Equal(6, bench.Topic().MeshSize);
        bench.Beat();
        Assert.Equal(8, bench.Topic().MeshSize);
        Assert.All(bench.Output.Grafts, graft => Assert.Equal(50, bench.Router.Score(graft.Peer), 1.0));
    }

    [Fact]
    public void Leaving_prunes_the_mesh_and_tells_everybody()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer peer = bench.Add(1);
        GossipPeer stranger = bench.Add(2, topic: null);
        bench.Graft(peer);
        bench.Output.Clear();
        bench.Router.Leave("t", bench.Now);
        Assert.Equal([(peer, "t", false), (stranger, "t", false)], bench.Output.Subscriptions);
        Assert.Equal(peer, Assert.Single(bench.Output.Prunes).Peer);
        Assert.Contains((peer, "t", false, PruneReason.Left), bench.Output.MeshChanges);
    }

    [Fact]
    public void A_peer_that_unsubscribes_or_disconnects_leaves_the_mesh()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer one = bench.Add(1);
        GossipPeer two = bench.Add(2);
        bench.Graft(one);
        bench.Graft(two);
        bench.Router.Subscription(one, "t", false);
        bench.Router.RemovePeer(two, bench.Now);
        Assert.Equal(
            [(one, "t", false, PruneReason.Unsubscribed), (two, "t", false, PruneReason.Disconnected)],
            bench.Output.MeshChanges.Where(change => !change.InMesh));
        Assert.Equal(0, bench.Topic().MeshSize);
        bench.Beat();
        Assert.Empty(bench.Output.Grafts);
    }

    [Fact]
    public void Subscriptions_of_a_peer_are_remembered_before_we_join()
    {
        RouterBench bench = new();
        GossipPeer peer = bench.Add(1, topic: "later");
        bench.Router.FillMesh(bench.Router.Join("later"), bench.Now);
        Assert.Equal([(peer, "later")], bench.Output.Grafts);
    }

    [Fact]
    public void A_peer_has_at_most_as_many_topics_as_allowed()
    {
        RouterBench bench = new();
        GossipPeer peer = bench.Add(1, topic: null);
        for (int i = 0; i < 100_000; i++)
        {
            bench.Router.Subscription(peer, $"t{i}", true);
        }

        Assert.Equal(1_000, bench.Output.PeerSubscriptions.Count);
        Assert.Equal(99_000, bench.Router.Counters.SubscriptionsOverLimit);

        // Room that it gives back can be used.
        bench.Router.Subscription(peer, "t5", false);
        bench.Router.Subscription(peer, "again", true);
        Assert.Equal((peer, "again", true), bench.Output.PeerSubscriptions[^1]);
    }
}
