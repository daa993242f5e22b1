using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>The router against <see cref="ModelRouter"/>: whatever happens in whatever order, both do the same.</summary>
public sealed class RouterModelTests
{
    private const int Peers = 24;
    private const int Most = 12;

    // Nothing fades or is earned here, so that scores are whole numbers; no room is kept for the proven.
    private static readonly GossipOptions s_options = new()
    {
        UnprovenPeers = Most,
        DegreeOutbound = 0,
        SeenTime = TimeSpan.FromDays(1),
        IDontWantWindows = int.MaxValue / 2,
        Scores = new PeerScoreParameters { BehaviourDecay = TimeSpan.FromDays(100_000), RetainTime = TimeSpan.FromDays(1) },
    };

    private static readonly TopicScoreParameters s_topic = new() { TimeInMeshWeight = 0, FirstDeliveriesWeight = 0, InvalidDecay = TimeSpan.FromDays(100_000) };

    private readonly Dictionary<int, GossipPeer> _peers = [];
    private RouterBench _bench = null!;
    private ModelRouter _model = null!;

    [Property(MaxTest = 300)]
    public void Router_and_model_agree_step_by_step(int seed) => Run(new System.Random(seed), steps: 400);

    [Fact]
    public void A_model_that_is_wrong_is_noticed()
    {
        // The same run with one GRAFT that only the router hears of.
        Run(new System.Random(4), steps: 50);
        int outside = Enumerable.Range(0, Peers).First(n => !_model.Mesh.Contains(n));
        Connect(outside);
        _bench.Now += 10_000_000;
        _bench.Graft(_peers[outside]);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(AssertSame);
    }

    private void Run(System.Random random, int steps)
    {
        _peers.Clear();
        _bench = new RouterBench(s_options);
        _bench.Router.Join("t", s_topic);
        _model = new ModelRouter();
        for (int step = 0; step < steps; step++)
        {
            _bench.Output.Clear();
            Step(random.Next(Peers), random);
            AssertSame();
        }
    }

    private void Step(int number, System.Random random)
    {
        if (!_peers.TryGetValue(number, out GossipPeer? peer))
        {
            Connect(number);
            return;
        }

        if (_model.IsGraylisted(number))
        {
            Assert.False(_bench.Router.Accepts(peer));
        }

        switch (random.Next(12))
        {
            // A score that is not below zero is not kept, and the model forgets nothing.
            case 0 when !_model.HasDebts(number):
                _bench.Router.RemovePeer(peer, _bench.Now);
                _peers.Remove(number);
                _model.Leave(number);
                break;
            case 1:
                bool on = random.Next(4) > 0;
                _bench.Router.Subscription(peer, "t", on);
                _model.Subscribe(number, on);
                break;
            case 2 or 3 or 4:
                _bench.Graft(peer);
                Assert.Equal(_model.Graft(number, _bench.Now, Most), _bench.Output.Prunes.Count == 1);
                break;
            case 5:
                ulong seconds = ((ulong[])[0, 1, 30, 4_000, ulong.MaxValue])[random.Next(5)];
                _bench.Router.Prune(peer, _bench.Topic(), seconds, _bench.Now);
                if (peer.Record.In(_bench.Topic()) is not null)
                {
                    _model.Prune(number, seconds, _bench.Now);
                }

                break;
            case 6:
                long unwanted = random.Next(60);
                _bench.IDontWant(peer, unwanted);
                _model.DoesNotWant(number, unwanted);
                break;
            case 7 or 8 or 9:
                Receive(number, peer, random.Next(60), (Validation)random.Next(3));
                break;
            case 10:
                _bench.Now += random.Next(30_000);
                break;
            default:
                Beat();
                break;
        }
    }

    private void Connect(int number)
    {
        if (!_peers.ContainsKey(number))
        {
            _peers.Add(number, _bench.Add(number, outbound: false));
            _model.Connected.Add(number);
            _model.Subscribe(number, true);
        }
    }

    private void Receive(int number, GossipPeer peer, long message, Validation validation)
    {
        _bench.Receive(peer, TestPeers.Message(message), validation);
        HashSet<int>? expected = _model.Receive(number, message, validation);
        Assert.Equal(expected ?? [], [.. _bench.Output.Sent.Select(sent => Number(sent.Peer))]);
        Assert.Equal(expected is null ? 0 : 1, _bench.Output.Delivered.Count);
    }

    private void Beat()
    {
        HashSet<int> bad = [.. _model.Mesh.Where(_model.IsBad)];
        _bench.Beat();
        HashSet<int> pruned = [.. _bench.Output.Prunes.Select(prune => Number(prune.Peer))];
        Assert.Superset(bad, pruned);
        foreach (int peer in pruned)
        {
            _model.Pruned(peer, _bench.Now);
        }

        // Which peers are grafted is a lot; who may be, and how many, is not.
        int[] grafted = [.. _bench.Output.Grafts.Select(graft => Number(graft.Peer))];
        Assert.All(grafted, peer => Assert.True(_model.MayBeGrafted(peer, _bench.Now), $"peer {peer}"));
        int might = Enumerable.Range(0, Peers).Count(peer => _model.Connected.Contains(peer) && _model.MayBeGrafted(peer, _bench.Now));
        int wanted = _model.Mesh.Count < 4 ? Math.Min(6 - _model.Mesh.Count, might) : 0;
        Assert.InRange(grafted.Length, wanted, wanted + 2);
        _model.Mesh.UnionWith(grafted);
    }

    private void AssertSame() => Assert.Equal(_model.Mesh.Order(), _bench.Router.Mesh("t").Select(Number).Order());

    private static int Number(GossipPeer peer) => BitConverter.ToInt32(peer.Id.Bytes[6..]);
}
