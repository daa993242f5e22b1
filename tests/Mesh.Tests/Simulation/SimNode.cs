using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>A node: the real router, whose wishes become events at other nodes.</summary>
internal sealed class SimNode : IGossipOutput
{
    private readonly SimNetwork _network;
    private readonly HashSet<GossipPeer> _mesh = [];

    public SimNode(SimNetwork network, int index, SimConduct conduct, IPAddress? address, GossipOptions options, Random random)
    {
        _network = network;
        Index = index;
        Conduct = conduct;
        Address = address;
        Id = SimNetwork.IdOf(index);
        X = random.NextDouble();
        Y = random.NextDouble();
        Router = new GossipRouter(options, this, new Random(random.Next()));
    }

    public int Index { get; }

    public PeerId Id { get; }

    public SimConduct Conduct { get; }

    public IPAddress? Address { get; }

    public double X { get; }

    public double Y { get; }

    public GossipRouter Router { get; }

    public List<SimLink> Links { get; } = [];

    public long Now => _network.Clock.NowAt(this);

    /// <summary>Copies of messages that came in.</summary>
    public long Copies { get; private set; }

    /// <summary>Peers of the mesh.</summary>
    public IReadOnlyCollection<GossipPeer> Mesh => _mesh;

    public bool HasInMesh(SimLink link) => _mesh.Contains(link.Peer);

    /// <summary>Something reaches the node.</summary>
    public void Take(in SimEvent what)
    {
        GossipPeer peer = what.Link!.Peer;
        if (!peer.Connected)
        {
            return;
        }

        if (what.Kind is SimEventKind.Subscription)
        {
            Router.Subscription(peer, SimNetwork.Topic, what.Number != 0);
            return;
        }

        if (!Router.Accepts(peer))
        {
            return;
        }

        switch (what.Kind)
        {
            case SimEventKind.Message:
                Copies++;
                Take(peer, (GossipMessage)what.Payload!);
                break;
            case SimEventKind.IHave:
                Router.IHave(peer, Router.FindTopic(SimNetwork.Topic), new IdList((MessageId[])what.Payload!), Now);
                break;
            case SimEventKind.IWant:
                Router.IWant(peer, new IdList((MessageId[])what.Payload!));
                break;
            case SimEventKind.IDontWant:
                Router.IDontWant(peer, new IdList((MessageId[])what.Payload!), Now);
                break;
            case SimEventKind.Graft:
                Router.Graft(peer, Router.FindTopic(SimNetwork.Topic), Now);
                break;
            case SimEventKind.Prune:
                Router.Prune(peer, Router.FindTopic(SimNetwork.Topic), (ulong)what.Number, Now);
                break;
        }
    }

    public void Send(GossipPeer peer, GossipMessage message)
    {
        if (Conduct.Forwards(this, message))
        {
            Emit(peer, SimEventKind.Message, message);
        }
    }

    public void Subscription(GossipPeer peer, string topic, bool subscribe) => Emit(peer, SimEventKind.Subscription, null, subscribe ? 1 : 0);

    public void IHave(GossipPeer peer, string topic, ReadOnlyMemory<MessageId> ids)
    {
        if (Conduct.Gossips(this))
        {
            Emit(peer, SimEventKind.IHave, ArrayOf(ids));
        }
    }

    public void IWant(GossipPeer peer, ReadOnlyMemory<MessageId> ids) => Emit(peer, SimEventKind.IWant, ArrayOf(ids));

    public void IDontWant(GossipPeer peer, MessageId id)
    {
        if (Conduct.Gossips(this))
        {
            Emit(peer, SimEventKind.IDontWant, _network.Single(id));
        }
    }

    public void Graft(GossipPeer peer, string topic) => Emit(peer, SimEventKind.Graft, null);

    public void Prune(GossipPeer peer, string topic, TimeSpan backoff, IReadOnlyList<PeerId> offered) => Emit(peer, SimEventKind.Prune, null, (long)backoff.TotalSeconds);

    public void Deliver(GossipPeer via, GossipMessage message) => _network.Delivered(this, message);

    public void Subscribed(GossipPeer peer, string topic, bool subscribed)
    {
    }

    public void Grafted(GossipPeer peer, string topic) => _mesh.Add(peer);

    public void Pruned(GossipPeer peer, string topic, PruneReason reason) => _mesh.Remove(peer);

    private void Take(GossipPeer peer, GossipMessage message)
    {
        if (Router.Inspect(peer, Router.FindTopic(SimNetwork.Topic), message.Id, message.Raw.Span, Now) is not MessageStep.Verify)
        {
            return;
        }

        PendingMessage pending = Router.Begin(peer, message);
        if (Router.SignatureHeld(pending, Now))
        {
            Router.Complete(pending, Validation.Accept, Now);
        }
    }

    private void Emit(GossipPeer peer, SimEventKind kind, object? payload, long number = 0)
    {
        SimLink link = (SimLink)peer.Tag!;
        _network.Clock.Send(this, link.Remote, link.Latency, new SimEvent(kind, link.Reverse, payload, number));
    }

    private static MessageId[] ArrayOf(ReadOnlyMemory<MessageId> ids) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(ids, out ArraySegment<MessageId> segment) && segment.Count == segment.Array!.Length ? segment.Array : ids.ToArray();
}
