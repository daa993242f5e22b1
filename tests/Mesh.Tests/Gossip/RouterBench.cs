using System.Net;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>A router with peers, a clock that stands until it is moved, and a record of what it wants done.</summary>
internal sealed class RouterBench
{
    public RouterBench(GossipOptions? options = null, Func<Blackwall.Mesh.Libp2p.PeerId, double>? appScore = null, int[]? explicitPeers = null)
    {
        Options = options ?? new GossipOptions();
        Router = new GossipRouter(Options, Output, new Random(7), appScore, explicitPeers?.Select(TestPeers.Id).ToArray());
    }

    public GossipOptions Options { get; }

    public RecordingOutput Output { get; } = new();

    public GossipRouter Router { get; }

    /// <summary>In milliseconds.</summary>
    public long Now { get; set; } = 1_000;

    public GossipPeer Add(int number, bool outbound = true, string? topic = "t", GossipVersion version = GossipVersion.V12, string? address = null)
    {
        GossipPeer peer = Router.AddPeer(TestPeers.Id(number), version, outbound, address is null ? null : IPAddress.Parse(address), null);
        if (topic is not null)
        {
            Router.Subscription(peer, topic, true);
        }

        return peer;
    }

    public GossipPeer[] AddMany(int count, int from = 0, bool outbound = true) => [.. Enumerable.Range(from, count).Select(n => Add(n, outbound))];

    public GossipTopic Topic(string name = "t") => Router.FindTopic(name)!;

    public void Beat(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            Now += 1_000;
            Router.Heartbeat(Now);
        }
    }

    /// <summary>A message comes in and is verified at once.</summary>
    public MessageStep Receive(GossipPeer peer, GossipMessage message, Blackwall.Mesh.Libp2p.Validation validation = Blackwall.Mesh.Libp2p.Validation.Accept)
    {
        MessageStep step = Router.Inspect(peer, Router.FindTopic(message.Topic), message.Id, message.Raw.Span, Now);
        if (step is MessageStep.Verify)
        {
            PendingMessage pending = Router.Begin(peer, message);
            if (Router.SignatureHeld(pending, Now))
            {
                Router.Complete(pending, validation, Now);
            }
        }

        return step;
    }

    public void Graft(GossipPeer peer) => Router.Graft(peer, Topic(), Now);

    public void IHave(GossipPeer peer, params long[] numbers) => Router.IHave(peer, Topic(), new IdList([.. numbers.Select(TestPeers.MessageId)]), Now);

    public void IWant(GossipPeer peer, params long[] numbers) => Router.IWant(peer, new IdList([.. numbers.Select(TestPeers.MessageId)]));

    public void IDontWant(GossipPeer peer, params long[] numbers) => Router.IDontWant(peer, new IdList([.. numbers.Select(TestPeers.MessageId)]), Now);
}
