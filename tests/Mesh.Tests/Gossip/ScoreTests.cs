using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>Each part of a peer's score by itself, and what follows from it.</summary>
public sealed class ScoreTests
{
    private static readonly TopicScoreParameters s_nothing = new() { TimeInMeshWeight = 0, FirstDeliveriesWeight = 0, InvalidWeight = 0 };

    [Fact]
    public void P1_grows_with_time_in_the_mesh_up_to_its_cap()
    {
        RouterBench bench = new();
        bench.Router.Join("t", s_nothing with { TimeInMeshWeight = 0.5, TimeInMeshCap = 8 });
        GossipPeer peer = bench.Add(1);
        bench.Graft(peer);
        bench.Beat(4);
        Assert.Equal(2, bench.Router.Score(peer));
        bench.Beat(10);
        Assert.Equal(4, bench.Router.Score(peer));
    }

    [Fact]
    public void P2_counts_first_deliveries_up_to_its_cap_and_fades()
    {
        RouterBench bench = new();
        bench.Router.Join("t", s_nothing with { FirstDeliveriesWeight = 2, FirstDeliveriesCap = 3, FirstDeliveriesDecay = TimeSpan.FromSeconds(100) });
        GossipPeer first = bench.Add(1);
        GossipPeer second = bench.Add(2);
        for (int n = 1; n <= 5; n++)
        {
            bench.Receive(first, TestPeers.Message(n));
            bench.Receive(second, TestPeers.Message(n));
        }

        Assert.Equal(6, bench.Router.Score(first));
        Assert.Equal(0, bench.Router.Score(second));
        bench.Beat(10);

        // A tenth of the decay time: 0.01 ^ 0.1.
        Assert.Equal(6 * 0.630957, bench.Router.Score(first), 1e-4);
    }

    [Fact]
    public void P3_punishes_a_mesh_peer_that_delivers_nothing_and_no_other()
    {
        RouterBench bench = new();
        bench.Router.Join("t", s_nothing with
        {
            MeshDeliveriesWeight = -1, MeshDeliveriesThreshold = 4, MeshDeliveriesActivation = TimeSpan.FromSeconds(5), MeshDeliveriesDecay = TimeSpan.FromHours(10),
        });
        GossipPeer silent = bench.Add(1);
        GossipPeer first = bench.Add(2);
        GossipPeer late = bench.Add(3);
        GossipPeer telling = bench.Add(4);
        GossipPeer outside = bench.Add(5);
        Array.ForEach([silent, first, late, telling], bench.Graft);
        for (int n = 1; n <= 6; n++)
        {
            bench.IDontWant(telling, n);
            bench.Receive(first, TestPeers.Message(n));
            bench.Receive(late, TestPeers.Message(n));

            // A copy is worth one credit, however often it comes.
            bench.Receive(late, TestPeers.Message(n));
        }

        bench.Beat(5);
        Assert.All([silent, first, late, telling, outside], peer => Assert.Equal(0, bench.Router.Score(peer)));
        bench.Now += 1_000;
        bench.Router.Heartbeat(bench.Now);
        Assert.DoesNotContain(silent, bench.Router.Mesh("t"));
        Assert.All([first, late, telling, outside], peer => Assert.Equal(0, bench.Router.Score(peer)));
    }

    [Fact]
    public void P3_does_not_count_a_copy_that_comes_after_the_window()
    {
        RouterBench bench = new();
        bench.Router.Join("t", s_nothing with
        {
            MeshDeliveriesWeight = -1, MeshFailureWeight = -1, MeshDeliveriesThreshold = 2, MeshDeliveriesActivation = TimeSpan.FromSeconds(1),
            MeshDeliveriesWindow = TimeSpan.FromMilliseconds(100), MeshDeliveriesDecay = TimeSpan.FromHours(100), MeshFailureDecay = TimeSpan.FromHours(100),
        });
        GossipPeer first = bench.Add(1);
        GossipPeer inTime = bench.Add(2);
        GossipPeer late = bench.Add(3);
        Array.ForEach([first, inTime, late], bench.Graft);
        for (int n = 1; n <= 3; n++)
        {
            bench.Receive(first, TestPeers.Message(n));
            bench.Now += 100;
            bench.Receive(inTime, TestPeers.Message(n));
            bench.Now += 1;
            bench.Receive(late, TestPeers.Message(n));
        }

        bench.Beat(3);
        Assert.Equal([first, inTime], bench.Router.Mesh("t"));

        // P3b: what was missing stays when the mesh is left.
        Assert.Equal(-4, bench.Router.Score(late), 0.01);
    }

    [Fact]
    public void Delivery_rates_do_not_count_unless_asked_for()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer quiet = bench.Add(1);
        bench.Graft(quiet);
        bench.Beat(600);
        Assert.True(bench.Router.Score(quiet) > 0);
        Assert.Equal([quiet], bench.Router.Mesh("t"));
    }

    [Fact]
    public void P4_is_the_square_of_invalid_messages_and_also_for_who_sends_them_later()
    {
        RouterBench bench = new();
        bench.Router.Join("t", s_nothing with { InvalidWeight = -3 });
        GossipPeer peer = bench.Add(1);
        GossipPeer other = bench.Add(2);
        bench.Receive(peer, TestPeers.Message(1), Validation.Reject);
        bench.Receive(peer, TestPeers.Message(2), Validation.Reject);
        bench.Receive(other, TestPeers.Message(2));
        bench.Receive(other, TestPeers.Message(3), Validation.Ignore);
        Assert.Equal(-12, bench.Router.Score(peer));
        Assert.Equal(-3, bench.Router.Score(other));
    }

    [Fact]
    public void P5_is_what_the_application_says_within_its_limit()
    {
        double said = 7;
        RouterBench bench = new(appScore: _ => said);
        GossipPeer peer = bench.Add(1);
        Assert.Equal(7, bench.Router.Score(peer));
        said = double.PositiveInfinity;
        bench.Beat();
        Assert.Equal(0, bench.Router.Score(peer));
        said = -1e9;
        bench.Beat();
        Assert.Equal(-100, bench.Router.Score(peer));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void P6_is_the_square_of_the_surplus_at_one_address(string address, string other, bool same)
    {
        RouterBench bench = new();
        GossipPeer[] peers = [.. Enumerable.Range(0, 8).Select(n => bench.Add(n, address: address))];
        Assert.Equal(0, bench.Router.Score(peers[0]));
        bench.Add(10, address: other);
        Assert.Equal(same ? -10 : 0, bench.Router.Score(peers[0]));
        GossipPeer last = bench.Add(11, address: other);
        Assert.Equal(same ? -40 : 0, bench.Router.Score(last));

        // Who leaves without a debt is no longer counted.
        bench.Router.RemovePeer(last, bench.Now);
        Assert.Equal(same ? -10 : 0, bench.Router.Score(peers[0]));
    }

    [Fact]
    public void P6_leaves_whitelisted_networks_alone()
    {
        RouterBench bench = new(new GossipOptions { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } });
        GossipPeer[] peers = [.. Enumerable.Range(0, 50).Select(n => bench.Add(n, address: n % 2 == 0 ? "127.0.0.1" : "::ffff:127.0.0.1"))];
        Assert.All(peers, peer => Assert.Equal(0, bench.Router.Score(peer)));
    }

    [Fact]
    public void P7_counts_the_square_beyond_its_threshold_and_fades_by_time()
    {
        RouterBench bench = new();
        GossipPeer peer = bench.Add(1);
        bench.Router.Misbehaved(peer, 6);
        Assert.Equal(0, bench.Router.Score(peer));
        bench.Router.Misbehaved(peer, 4);
        Assert.Equal(-160, bench.Router.Score(peer));

        // A suspended machine wakes up: what should have faded has faded.
        bench.Beat();
        bench.Now += 3_600_000;
        bench.Beat();
        Assert.True(bench.Router.Score(peer) > -60);
    }

    [Fact]
    public void The_decay_factor_brings_one_down_to_nothing_within_the_decay_time()
    {
        double factor = ScoreDecay.Factor(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120));
        Assert.Equal(ScoreDecay.Zero, Math.Pow(factor, 120), 1e-9);
        Assert.Equal(0, ScoreDecay.Apply(0.0101, 0.9));
    }

    [Fact]
    public void A_bad_score_is_kept_for_an_hour_after_the_peer_left_and_a_good_one_is_not()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer bad = bench.Add(1);
        GossipPeer good = bench.Add(2);
        bench.Receive(good, TestPeers.Message(9));
        bench.Receive(bad, TestPeers.Message(1), Validation.Reject);
        double score = bench.Router.Score(bad);
        bench.Router.RemovePeer(bad, bench.Now);
        bench.Router.RemovePeer(good, bench.Now);
        Assert.Equal(0, bench.Router.Score(good.Id));
        bench.Now += 3_599_000;
        bench.Router.Heartbeat(bench.Now);
        Assert.Equal(score, bench.Router.Score(bad.Id));
        Assert.Equal(score, bench.Router.Score(bench.Add(1)));

        GossipPeer again = bench.Router.Peers[0];
        bench.Router.RemovePeer(again, bench.Now);
        bench.Now += 3_601_000;
        bench.Router.Heartbeat(bench.Now);
        Assert.Equal(0, bench.Router.Score(bad.Id));
    }

    [Fact]
    public void Kept_scores_are_bounded_and_the_oldest_goes_first()
    {
        RouterBench bench = new(new GossipOptions { RetainedScores = 10 });
        for (int n = 0; n < 25; n++)
        {
            GossipPeer peer = bench.Add(n, topic: null);
            bench.Router.Misbehaved(peer, 10);
            bench.Router.RemovePeer(peer, bench.Now);
        }

        Assert.Equal(15, bench.Router.Counters.ScoresEvicted);
        Assert.Equal(0, bench.Router.Score(TestPeers.Id(14)));
        Assert.True(bench.Router.Score(TestPeers.Id(15)) < 0);
    }

    [Fact]
    public void A_backoff_outlives_the_connection()
    {
        RouterBench bench = new();
        bench.Router.Join("t");
        GossipPeer peer = bench.Add(1);
        bench.Router.Prune(peer, bench.Topic(), 60, bench.Now);
        bench.Router.RemovePeer(peer, bench.Now);
        GossipPeer again = bench.Add(1);
        bench.Graft(again);
        Assert.Empty(bench.Router.Mesh("t"));
        Assert.Equal(1, bench.Router.Counters.EarlyGrafts);
    }

    [Fact]
    public void Below_the_thresholds_a_peer_gets_and_gives_no_gossip_no_publications_and_is_not_heeded()
    {
        Dictionary<PeerId, double> said = [];
        RouterBench bench = new(
            new GossipOptions { Scores = new PeerScoreParameters { GossipThreshold = -10, PublishThreshold = -20, GraylistThreshold = -30 } },
            appScore: id => said.GetValueOrDefault(id));
        bench.Router.Join("t");
        GossipPeer[] peers = [.. ((double[])[0, -11, -21, -31]).Select((score, n) =>
        {
            said[TestPeers.Id(n)] = score;
            return bench.Add(n);
        })];
        Assert.Equal([true, true, true, false], peers.Select(bench.Router.Accepts));
        bench.Router.Publish(TestPeers.Message(1), bench.Now);
        Assert.Equal(peers[..2], bench.Output.Sent.Select(sent => sent.Peer));

        bench.IHave(peers[0], 100);
        bench.IHave(peers[1], 100);
        Assert.Equal(peers[0], Assert.Single(bench.Output.IWants).Peer);
        bench.Output.Clear();
        bench.IWant(peers[0], 1);
        bench.IWant(peers[1], 1);
        Assert.Equal(peers[0], Assert.Single(bench.Output.Sent).Peer);

        // The heartbeat grafts the one that is not below zero; gossip goes to nobody, for all others are below the threshold.
        bench.Router.Publish(TestPeers.Message(2), bench.Now);
        bench.Beat();
        Assert.Equal([peers[0]], bench.Router.Mesh("t"));
        Assert.Empty(bench.Output.IHaves);
    }
}
