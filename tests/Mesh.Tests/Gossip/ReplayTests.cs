using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Cache;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>An old message stays old when the time of the seen cache is over; new ones come through beside it.</summary>
public sealed class ReplayTests
{
    private const int SeenSeconds = 121;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_is_not_delivered_again_after_the_seen_time(bool sameId)
    {
        RouterBench bench = Joined();
        GossipPeer sender = bench.Add(1);
        GossipMessage first = TestPeers.Message(5, author: 9);
        Assert.Equal(MessageStep.Verify, bench.Receive(sender, first));
        bench.Beat(SeenSeconds);

        // It makes no difference whether the id is that of then, as with an id function of the payload alone.
        bench.Receive(bench.Add(2), sameId ? first : first with { Id = TestPeers.MessageId(77) });
        Assert.Equal([first.Id], bench.Output.Delivered);
        Assert.Equal(1, bench.Router.Counters.Replayed);
        Assert.Equal(0, bench.Router.Counters.Rejected);
        Assert.Equal(0, bench.Router.Pending);
        Assert.True(bench.Router.Score(TestPeers.Id(2)) >= 0);

        // What the author sends next, and what another author sends under a lower number, is new.
        bench.Receive(sender, TestPeers.Message(6, author: 9));
        bench.Receive(sender, TestPeers.Message(4, author: 8));
        Assert.Equal(3, bench.Output.Delivered.Count);
    }

    [Fact]
    public void A_number_below_one_that_is_forgotten_is_ignored()
    {
        RouterBench bench = Joined();
        GossipPeer sender = bench.Add(1);
        bench.Receive(sender, TestPeers.Message(1_000, author: 9));
        bench.Beat(SeenSeconds);
        bench.Receive(sender, TestPeers.Message(1, author: 9));
        Assert.Equal([TestPeers.MessageId(1_000)], bench.Output.Delivered);
    }

    [Fact]
    public void Messages_that_overtake_each_other_within_the_seen_time_are_all_taken()
    {
        RouterBench bench = Joined();
        GossipPeer sender = bench.Add(1);
        bench.Receive(sender, TestPeers.Message(3, author: 9));
        bench.Beat(60);
        bench.Receive(sender, TestPeers.Message(1, author: 9));
        bench.Receive(sender, TestPeers.Message(2, author: 9));
        Assert.Equal(3, bench.Output.Delivered.Count);
    }

    [Fact]
    public void What_leaves_the_seen_cache_before_its_time_is_no_way_in_either()
    {
        RouterBench bench = Joined(new GossipOptions { SeenCapacity = 10 });
        GossipPeer sender = bench.Add(1);
        bench.Receive(sender, TestPeers.Message(1, author: 9));
        for (int n = 0; n < 20; n++)
        {
            bench.Receive(sender, TestPeers.Message(100 + n, author: 8));
        }

        bench.Output.Clear();
        bench.Receive(sender, TestPeers.Message(1, author: 9));
        Assert.Empty(bench.Output.Delivered);
        bench.Receive(sender, TestPeers.Message(2, author: 9));
        Assert.Single(bench.Output.Delivered);
    }

    [Fact]
    public void The_numbers_of_authors_are_bounded_and_those_that_go_on_are_kept()
    {
        AuthorNumbers numbers = new(100);
        long evicted = 0;
        for (int author = 0; author < 1_000; author++)
        {
            evicted += numbers.Forgotten(TestPeers.Id(author), 5);
            numbers.Forgotten(TestPeers.Id(-1), (ulong)author);
        }

        int known = Enumerable.Range(0, 1_000).Count(author => numbers.IsOver(TestPeers.Id(author), 5));
        Assert.InRange(known, 1, 101);
        Assert.InRange(evicted, 850, 1_000);
        Assert.True(numbers.IsOver(TestPeers.Id(-1), 999));
        Assert.False(numbers.IsOver(TestPeers.Id(-1), 1_000));
    }

    private static RouterBench Joined(GossipOptions? options = null)
    {
        RouterBench bench = new(options);
        bench.Router.Join("t");
        return bench;
    }
}
