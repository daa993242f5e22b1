using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Kad.Routing;
using Blackwall.Tests.Mesh.Gossip;
using Xunit;

namespace Blackwall.Tests.Mesh.Kad;

/// <summary>Searches in networks of nodes with real tables, in one thread.</summary>
public sealed class KadSearchTests
{
    private static readonly KadOptions s_options = new() { BucketSize = 8, Alpha = 4, DisjointPaths = 2 };

    [Fact]
    public async Task The_closest_peers_of_the_whole_network_are_found()
    {
        Network network = new(300, seed: 1);
        for (int trial = 0; trial < 20; trial++)
        {
            KadKey target = KadKey.From(BitConverter.GetBytes(trial));
            IReadOnlyList<PeerAddresses> found = await network.SearchAsync(0, target);
            PeerId[] best = [.. network.Ids.Skip(1).OrderBy(id => KadKey.From(id).DistanceTo(target)).Take(8)];
            Assert.True(found.Select(peer => peer.Id).Intersect(best).Count() >= 7, $"trial {trial}");
            Assert.Equal(found.OrderBy(peer => KadKey.From(peer.Id).DistanceTo(target)), found);
        }
    }

    [Fact]
    public async Task Peers_that_name_only_each_other_do_not_keep_a_search_inside()
    {
        // A fifth are of one kind: they answer every request with their own, who are close to whatever is asked.
        Network network = new(300, seed: 2);
        HashSet<PeerId> ring = [.. network.Ids.Where((_, n) => n > 0 && n % 5 == 0)];
        int reached = 0;
        for (int trial = 0; trial < 20; trial++)
        {
            KadKey target = KadKey.From(BitConverter.GetBytes(1000 + trial));
            network.Lie = (asked, key) => ring.Contains(asked) ? [.. ring.OrderBy(id => KadKey.From(id).DistanceTo(key)).Take(8).Select(id => new PeerAddresses(id, []))] : null;
            IReadOnlyList<PeerAddresses> found = await network.SearchAsync(0, target);
            PeerId honest = network.Ids.Skip(1).Where(id => !ring.Contains(id)).MinBy(id => KadKey.From(id).DistanceTo(target))!;
            reached += found.Any(peer => peer.Id == honest) ? 1 : 0;
        }

        Assert.InRange(reached, 18, 20);
    }

    [Fact]
    public async Task No_peer_is_asked_twice_and_no_more_than_allowed()
    {
        Network network = new(300, seed: 3);
        await network.SearchAsync(0, KadKey.From("x"u8));
        Assert.Equal(network.Asked.Count, network.Asked.Distinct().Count());

        // Every answer names peers that are closer still, and do not exist: it would go on for ever.
        int next = 1_000_000;
        network.Asked.Clear();
        network.Lie = (_, _) => [.. Enumerable.Range(0, 8).Select(_ => new PeerAddresses(TestPeers.Id(Interlocked.Increment(ref next)), []))];
        await network.SearchAsync(0, KadKey.From("y"u8), s_options with { SearchPeers = 50 });
        Assert.InRange(network.Asked.Count, 1, 50);
    }

    [Fact]
    public async Task Peers_that_do_not_answer_are_not_in_the_result()
    {
        Network network = new(100, seed: 4);
        KadKey target = KadKey.From("z"u8);
        PeerId[] best = [.. network.Ids.Skip(1).OrderBy(id => KadKey.From(id).DistanceTo(target)).Take(4)];
        network.Silent.UnionWith(best[..2]);
        IReadOnlyList<PeerAddresses> found = await network.SearchAsync(0, target);
        Assert.DoesNotContain(found, peer => network.Silent.Contains(peer.Id));
        Assert.Contains(found, peer => peer.Id == best[2]);
    }

    [Fact]
    public async Task One_subnet_has_two_places_on_a_way_however_many_ids_it_has()
    {
        Network network = new(100, seed: 5);
        PeerId[] farm = [.. Enumerable.Range(5_000, 40).Select(TestPeers.Id)];
        Multiaddr address = Multiaddr.TryParse("/ip4/203.0.113.5/tcp/1", out Multiaddr? parsed) ? parsed : null!;
        network.Lie = (asked, _) => farm.Contains(asked) ? null : [.. farm.Select(id => new PeerAddresses(id, [address]))];
        await network.SearchAsync(0, KadKey.From("farm"u8), s_options with { BucketSize = 40 });
        Assert.InRange(network.Asked.Count(farm.Contains), 1, 4);
    }

    private sealed class Network
    {
        private readonly Dictionary<PeerId, RoutingTable> _tables = [];

        public Network(int count, int seed)
        {
            Ids = [.. Enumerable.Range(0, count).Select(TestPeers.Id)];
            Random random = new(seed);
            foreach (PeerId id in Ids)
            {
                RoutingTable table = new(id, s_options);
                foreach (PeerId other in Ids.OrderBy(_ => random.Next()))
                {
                    table.Add(new PeerAddresses(other, []), null);
                }

                _tables.Add(id, table);
            }
        }

        public PeerId[] Ids { get; }

        public List<PeerId> Asked { get; } = [];

        public HashSet<PeerId> Silent { get; } = [];

        /// <summary>What a peer answers instead of what it knows; null: the truth.</summary>
        public Func<PeerId, KadKey, IReadOnlyList<PeerAddresses>?> Lie { get; set; } = (_, _) => null;

        public Task<IReadOnlyList<PeerAddresses>> SearchAsync(int from, KadKey target, KadOptions? options = null)
        {
            options ??= s_options;
            KadSearch search = new(Ids[from], target, options, (peer, _) =>
            {
                lock (Asked)
                {
                    Asked.Add(peer.Id);
                }

                return Task.FromResult(Silent.Contains(peer.Id) ? null : Lie(peer.Id, target) ?? (_tables.TryGetValue(peer.Id, out RoutingTable? table) ? table.Closest(target, options.BucketSize) : null));
            });
            return search.RunAsync(_tables[Ids[from]].Closest(target, options.BucketSize), () => false, TestContext.Current.CancellationToken);
        }
    }
}
