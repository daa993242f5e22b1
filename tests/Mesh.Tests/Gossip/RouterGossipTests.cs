using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>The way of messages, and the limits of asking and telling.</summary>
public sealed class RouterGossipTests
{
    [Fact]
    public void A_message_goes_to_the_mesh_but_not_back_nor_to_its_author()
    {
        RouterBench bench = Joined();
        GossipPeer sender = bench.Add(1);
        GossipPeer author = bench.Add(2);
        GossipPeer third = bench.Add(3);
        GossipPeer outside = bench.Add(4);
        Array.ForEach([sender, author, third], bench.Graft);
        Assert.Equal(MessageStep.Verify, bench.Receive(sender, TestPeers.Message(1, author: 2)));
        Assert.Equal([(third, TestPeers.MessageId(1))], bench.Output.Sent);
        Assert.Equal([TestPeers.MessageId(1)], bench.Output.Delivered);
        Assert.Equal(MessageStep.Duplicate, bench.Receive(third, TestPeers.Message(1, author: 2)));
        Assert.Equal(MessageStep.Duplicate, bench.Receive(outside, TestPeers.Message(1, author: 2)));
        Assert.Single(bench.Output.Delivered);
    }

    [Fact]
    public void A_message_of_a_topic_that_we_are_not_in_is_not_looked_at()
    {
        RouterBench bench = new();
        Assert.Equal(MessageStep.Unwanted, bench.Receive(bench.Add(1), TestPeers.Message(1)));
        Assert.Empty(bench.Output.Sent);
    }

    [Fact]
    public void A_rejected_or_ignored_message_goes_nowhere()
    {
        RouterBench bench = Joined();
        GossipPeer one = bench.Add(1);
        bench.Graft(one);
        bench.Graft(bench.Add(2));
        bench.Receive(one, TestPeers.Message(1), Validation.Reject);
        bench.Receive(one, TestPeers.Message(2), Validation.Ignore);
        Assert.Empty(bench.Output.Sent);
        Assert.Empty(bench.Output.Delivered);
        bench.Receive(one, TestPeers.Message(3));
        Assert.Single(bench.Output.Sent);
    }

    [Fact]
    public void A_failed_signature_leaves_the_id_unseen_and_blames_all_who_sent_these_bytes()
    {
        RouterBench bench = Joined();
        GossipPeer forger = bench.Add(1);
        GossipPeer helper = bench.Add(2);
        GossipPeer honest = bench.Add(3);
        GossipMessage forged = TestPeers.Message(1) with { Raw = new byte[] { 1 } };
        GossipMessage real = TestPeers.Message(1) with { Raw = new byte[] { 2 } };
        PendingMessage first = bench.Router.Begin(forger, forged);
        Assert.Equal(MessageStep.Duplicate, bench.Router.Inspect(helper, bench.Topic(), forged.Id, forged.Raw.Span, bench.Now));

        // Other bytes with the same id are verified by themselves.
        Assert.Equal(MessageStep.Verify, bench.Router.Inspect(honest, bench.Topic(), real.Id, real.Raw.Span, bench.Now));
        PendingMessage second = bench.Router.Begin(honest, real);
        bench.Router.SignatureFailed(first);
        Assert.True(bench.Router.SignatureHeld(second, bench.Now));
        bench.Router.Complete(second, Validation.Accept, bench.Now);
        Assert.Equal([real.Id], bench.Output.Delivered);
        Assert.True(bench.Router.Score(forger) < 0);
        Assert.True(bench.Router.Score(helper) < 0);
        Assert.True(bench.Router.Score(honest) > 0);
        Assert.Equal(0, bench.Router.Pending);
    }

    [Fact]
    public void Of_two_true_messages_with_one_id_the_first_counts()
    {
        RouterBench bench = Joined();
        GossipPeer one = bench.Add(1);
        PendingMessage first = bench.Router.Begin(one, TestPeers.Message(1) with { Raw = new byte[] { 1 } });
        PendingMessage second = bench.Router.Begin(one, TestPeers.Message(1) with { Raw = new byte[] { 2 } });
        Assert.True(bench.Router.SignatureHeld(second, bench.Now));
        Assert.False(bench.Router.SignatureHeld(first, bench.Now));
        bench.Router.Complete(second, Validation.Accept, bench.Now);
        Assert.Equal(0, bench.Router.Pending);
        Assert.Single(bench.Output.Delivered);
    }

    [Fact]
    public void A_message_is_known_for_two_minutes_and_no_longer()
    {
        RouterBench bench = Joined();
        GossipPeer peer = bench.Add(1);
        bench.Receive(peer, TestPeers.Message(1));
        bench.Beat(119);
        Assert.Equal(MessageStep.Duplicate, bench.Receive(peer, TestPeers.Message(1)));
        bench.Beat(2);
        Assert.Equal(MessageStep.Verify, bench.Receive(peer, TestPeers.Message(1)));
    }

    [Fact]
    public void Seen_ids_are_bounded_and_the_oldest_is_forgotten()
    {
        RouterBench bench = Joined(new GossipOptions { SeenCapacity = 10 });
        GossipPeer peer = bench.Add(1);
        for (int n = 0; n < 25; n++)
        {
            bench.Receive(peer, TestPeers.Message(n));
        }

        Assert.Equal(15, bench.Router.Counters.SeenEvicted);
        Assert.Equal(MessageStep.Duplicate, bench.Receive(peer, TestPeers.Message(15)));
        Assert.Equal(MessageStep.Verify, bench.Receive(peer, TestPeers.Message(14)));
    }

    [Fact]
    public void Peers_outside_of_the_mesh_are_told_of_the_last_three_heartbeats_messages()
    {
        RouterBench bench = Joined();
        GossipPeer[] peers = bench.AddMany(40);
        bench.Router.FillMesh(bench.Topic(), bench.Now);
        IReadOnlyList<GossipPeer> mesh = bench.Router.Mesh("t");
        bench.Receive(mesh[0], TestPeers.Message(1));
        for (int beat = 1; beat <= 4; beat++)
        {
            bench.Output.Clear();
            bench.Beat();

            // A quarter of the 34 others.
            Assert.Equal(beat <= 3 ? 8 : 0, bench.Output.IHaves.Count);
            Assert.All(bench.Output.IHaves, told => Assert.DoesNotContain(told.Peer, mesh));
            Assert.All(bench.Output.IHaves, told => Assert.Equal([TestPeers.MessageId(1)], told.Ids));
        }

        // And can be asked for five.
        bench.IWant(peers[0], 1);
        Assert.Single(bench.Output.Sent);
        bench.Beat();
        bench.IWant(peers[0], 1);
        Assert.Single(bench.Output.Sent);
    }

    [Fact]
    public void A_message_is_sent_three_times_to_one_peer_that_asks_and_no_more()
    {
        RouterBench bench = Joined();
        GossipPeer greedy = bench.Add(1);
        GossipPeer other = bench.Add(2);
        bench.Receive(other, TestPeers.Message(1));
        bench.IWant(greedy, 1, 1, 1, 1, 1);
        Assert.Equal(3, bench.Output.Sent.Count);
        Assert.Equal(2, bench.Router.Counters.IWantsOverLimit);
        bench.IWant(other, 1);
        Assert.Equal(4, bench.Output.Sent.Count);
    }

    [Fact]
    public void Only_unknown_ids_are_asked_for_and_each_limit_is_kept_until_the_heartbeat()
    {
        RouterBench bench = Joined(new GossipOptions { IHaveMessages = 3, IHaveIds = 5 });
        GossipPeer peer = bench.Add(1);
        bench.Receive(peer, TestPeers.Message(1));
        bench.IHave(peer, 1, 2);
        Assert.Equal([TestPeers.MessageId(2)], bench.Output.IWants[0].Ids);

        // Five ids are looked at, known or not: three more.
        bench.IHave(peer, 3, 4, 5, 6, 7);
        Assert.Equal([TestPeers.MessageId(3), TestPeers.MessageId(4), TestPeers.MessageId(5)], bench.Output.IWants[1].Ids);
        bench.IHave(peer, 8);
        bench.IHave(peer, 9);
        Assert.Equal(2, bench.Output.IWants.Count);
        Assert.Equal(3, bench.Router.Counters.IHavesOverLimit);
        bench.Beat();
        bench.IHave(peer, 9);
        Assert.Equal(3, bench.Output.IWants.Count);
    }

    [Fact]
    public void An_iwant_flood_is_cut_off_and_counts_against_its_sender_once_a_heartbeat()
    {
        RouterBench bench = Joined(new GossipOptions { IWantIds = 10, Scores = new() { BehaviourThreshold = 0, BehaviourWeight = -1 } });
        GossipPeer peer = bench.Add(1);
        bench.IWant(peer, [.. Enumerable.Range(0, 10)]);
        Assert.Equal(0, bench.Router.Score(peer));
        bench.IWant(peer, [.. Enumerable.Range(0, 100)]);
        bench.IWant(peer, [.. Enumerable.Range(0, 100)]);
        Assert.Equal(-1, bench.Router.Score(peer));
        Assert.Equal(2, bench.Router.Counters.IWantsOverLimit);
    }

    [Fact]
    public void A_promise_that_is_not_kept_within_three_seconds_costs_and_one_that_anybody_keeps_does_not()
    {
        RouterBench bench = Joined(new GossipOptions { Scores = new() { BehaviourThreshold = 0, BehaviourWeight = -1 } });
        GossipPeer liar = bench.Add(1);
        GossipPeer honest = bench.Add(2);
        bench.IHave(liar, 1);
        bench.IHave(honest, 2);
        bench.Beat(2);
        bench.Receive(liar, TestPeers.Message(2));
        bench.Beat(2);
        Assert.Equal(1, bench.Router.Counters.BrokenPromises);
        Assert.True(bench.Router.Score(liar) < 0);
        Assert.True(bench.Router.Score(honest) >= 0);
    }

    [Fact]
    public void Promises_are_bounded_for_a_peer()
    {
        RouterBench bench = Joined(new GossipOptions { PromisesPerPeer = 2, IHaveMessages = 100 });
        GossipPeer peer = bench.Add(1);
        for (int n = 0; n < 50; n++)
        {
            bench.IHave(peer, n);
        }

        bench.Beat(4);
        Assert.Equal(2, bench.Router.Counters.BrokenPromises);
    }

    [Fact]
    public void Mesh_peers_of_1_2_are_told_that_a_large_message_is_here_once_its_signature_held()
    {
        RouterBench bench = Joined();
        GossipPeer sender = bench.Add(1);
        GossipPeer modern = bench.Add(2);
        GossipPeer old = bench.Add(3, version: GossipVersion.V11);
        Array.ForEach([sender, modern, old], bench.Graft);
        PendingMessage pending = bench.Router.Begin(sender, TestPeers.Message(1, size: 512));
        Assert.Empty(bench.Output.IDontWants);
        bench.Router.SignatureHeld(pending, bench.Now);
        Assert.Equal([(modern, TestPeers.MessageId(1))], bench.Output.IDontWants);
        bench.Receive(sender, TestPeers.Message(2, size: 511));
        Assert.Single(bench.Output.IDontWants);
    }

    [Fact]
    public void An_idontwant_is_honoured_for_three_heartbeats_and_bounded()
    {
        RouterBench bench = Joined(new GossipOptions { IDontWantIds = 2 });
        GossipPeer sender = bench.Add(1);
        GossipPeer peer = bench.Add(2);
        Array.ForEach([sender, peer], bench.Graft);
        bench.IDontWant(peer, 1, 2, 3);
        bench.Receive(sender, TestPeers.Message(1));
        bench.Receive(sender, TestPeers.Message(3));
        Assert.Equal([(peer, TestPeers.MessageId(3))], bench.Output.Sent);
        Assert.Equal(1, bench.Router.Counters.IDontWantsOverLimit);
        Assert.Equal(1, bench.Router.Counters.SpareCopies);
        bench.IWant(peer, 1);
        Assert.Single(bench.Output.Sent);
        bench.Beat(3);
        bench.Receive(sender, TestPeers.Message(2));
        Assert.Equal(2, bench.Output.Sent.Count);
    }

    [Fact]
    public void Published_messages_flood_to_all_or_go_to_mesh_or_fanout()
    {
        RouterBench flood = Joined();
        flood.AddMany(20);
        Assert.True(flood.Router.Publish(TestPeers.Message(1), flood.Now));
        Assert.Equal(20, flood.Output.Sent.Count);
        Assert.False(flood.Router.Publish(TestPeers.Message(1), flood.Now));

        RouterBench mesh = Joined(new GossipOptions { FloodPublish = false });
        mesh.AddMany(20);
        mesh.Router.FillMesh(mesh.Topic(), mesh.Now);
        mesh.Router.Publish(TestPeers.Message(1), mesh.Now);
        Assert.Equal(mesh.Router.Mesh("t"), mesh.Output.Sent.Select(sent => sent.Peer).Order(Comparer<GossipPeer>.Create((a, b) => IndexIn(mesh, a) - IndexIn(mesh, b))));

        // Without a subscription six are chosen and stay.
        RouterBench fanout = new(new GossipOptions { FloodPublish = false });
        fanout.AddMany(20);
        fanout.Router.Publish(TestPeers.Message(1), fanout.Now);
        HashSet<GossipPeer> chosen = [.. fanout.Output.Sent.Select(sent => sent.Peer)];
        Assert.Equal(6, chosen.Count);
        fanout.Beat(30);
        fanout.Router.Publish(TestPeers.Message(2), fanout.Now);
        Assert.Equal(chosen, [.. fanout.Output.Sent.Skip(6).Select(sent => sent.Peer)]);

        // A minute of silence, and the topic is forgotten; its peers are not.
        fanout.Beat(62);
        Assert.Null(fanout.Router.FindTopic("t"));
        fanout.Router.Publish(TestPeers.Message(3), fanout.Now);
        Assert.Equal(18, fanout.Output.Sent.Count);
    }

    [Fact]
    public void Our_own_topics_are_bounded()
    {
        RouterBench bench = new(new GossipOptions { OwnTopics = 3 });
        bench.Router.Join("a");
        bench.Router.Join("b");
        bench.Router.Join("c");
        Assert.Throws<MeshException>(() => bench.Router.Join("d"));
    }

    [Fact]
    public void Kept_messages_are_bounded_in_bytes()
    {
        RouterBench bench = Joined(new GossipOptions { HistoryBytes = 1_000 });
        GossipPeer peer = bench.Add(1);
        for (int n = 0; n < 10; n++)
        {
            // 264 bytes each.
            bench.Receive(peer, TestPeers.Message(n, size: 200));
        }

        bench.IWant(peer, [.. Enumerable.Range(0, 10)]);
        Assert.Equal([7, 8, 9], bench.Output.Sent.Select(sent => BitConverter.ToInt64(sent.Id.ToArray())));
        Assert.Equal(7, bench.Router.Counters.HistoryEvicted);
    }

    [Fact]
    public void Peers_of_a_prune_are_heeded_only_with_the_option_and_a_high_score()
    {
        double score = 100;
        RouterBench off = new(appScore: _ => score);
        RouterBench on = new(new GossipOptions { PeerExchange = true }, appScore: _ => score);
        GossipPeer peer = on.Add(1);
        Assert.False(off.Router.TakesPeersFrom(off.Add(1)));
        Assert.True(on.Router.TakesPeersFrom(peer));
        score = 99;
        on.Beat();
        Assert.False(on.Router.TakesPeersFrom(peer));
    }

    private static int IndexIn(RouterBench bench, GossipPeer peer) => bench.Router.Mesh("t").ToList().IndexOf(peer);

    private static RouterBench Joined(GossipOptions? options = null)
    {
        RouterBench bench = new(options);
        bench.Router.Join("t");
        return bench;
    }
}
