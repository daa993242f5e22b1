using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Topics;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>
/// A network in virtual time: real routers, lines whose delay grows with the distance of two points in a plane (8 to 170 ms), no
/// loss. The same seed gives the same run, event by event.
/// </summary>
internal sealed class SimNetwork
{
    public const string Topic = "indicators";

    private const int Nearest = 8;
    private const int Farthest = 170;

    // Like an indicator: large enough for IDONTWANT.
    private const int MessageBytes = 600;

    private const int ManyNodes = 4_000;

    private static readonly byte[] s_raw = new byte[MessageBytes + 150];

    private readonly GossipOptions _options;
    private readonly TopicScoreParameters _topic;
    private readonly Random _random;
    private readonly Dictionary<MessageId, SimMessage> _messages = [];
    private readonly Dictionary<MessageId, MessageId[]> _singles = [];
    private readonly int _capacity;
    private int _addresses;

    /// <param name="capacity">The most nodes that there will be.</param>
    public SimNetwork(int seed, GossipOptions options, TopicScoreParameters topic, int capacity)
    {
        _random = new Random(seed);
        _options = options;
        _topic = topic;
        _capacity = capacity;
        Clock = new SimClock(parallel: capacity > ManyNodes);
    }

    public SimClock Clock { get; }

    public long Now => Clock.Now;

    public List<SimNode> Nodes { get; } = [];

    public IEnumerable<SimMessage> Messages => _messages.Values;

    public static PeerId IdOf(int index)
    {
        byte[] bytes = [0x00, 36, 0x08, 0x01, 0x12, 32, .. new byte[32]];
        BitConverter.TryWriteBytes(bytes.AsSpan(6), index);
        return PeerId.TryDecode(bytes, out PeerId? id) ? id : throw new InvalidOperationException();
    }

    /// <summary>A node that takes part from now on.</summary>
    /// <param name="address">Null: one that nobody else has.</param>
    public SimNode Add(SimConduct conduct, IPAddress? address = null)
    {
        SimNode node = new(this, Nodes.Count, conduct, address ?? new IPAddress(0x0a000000L + ++_addresses), _options, _random);
        Nodes.Add(node);
        GossipTopic topic = node.Router.Join(Topic, _topic);
        node.Router.FillMesh(topic, Now);
        Clock.Send(node, node, SimClock.Window + _random.Next((int)_options.HeartbeatInterval.TotalMilliseconds), new SimEvent(SimEventKind.Heartbeat, null, node));
        return node;
    }

    /// <summary>The first dials the second; nothing happens if they are connected.</summary>
    public static bool Connect(SimNode dialler, SimNode listener)
    {
        if (ReferenceEquals(dialler, listener) || dialler.Links.Exists(link => ReferenceEquals(link.Remote, listener)))
        {
            return false;
        }

        double distance = Math.Sqrt(Math.Pow(dialler.X - listener.X, 2) + Math.Pow(dialler.Y - listener.Y, 2)) / Math.Sqrt(2);
        int latency = Nearest + (int)((Farthest - Nearest) * distance);
        SimLink there = new(dialler, listener, latency);
        SimLink back = new(listener, dialler, latency) { Reverse = there };
        there.Reverse = back;
        dialler.Links.Add(there);
        listener.Links.Add(back);
        there.Peer = dialler.Router.AddPeer(listener.Id, GossipVersion.V12, outbound: true, listener.Address, there);
        back.Peer = listener.Router.AddPeer(dialler.Id, GossipVersion.V12, outbound: false, dialler.Address, back);
        return true;
    }

    /// <summary>Dials peers out of a list by lot.</summary>
    public void ConnectToSome(SimNode node, IReadOnlyList<SimNode> others, int count)
    {
        count = Math.Min(count, others.Count - 1);
        for (int made = 0, tries = 0; made < count && tries < count * 20; tries++)
        {
            made += Connect(node, others[_random.Next(others.Count)]) ? 1 : 0;
        }
    }

    public SimNode Any(IReadOnlyList<SimNode> nodes) => nodes[_random.Next(nodes.Count)];

    public SimMessage Publish(SimNode author)
    {
        byte[] number = BitConverter.GetBytes((long)_messages.Count + 1);
        MessageId.TryCreate(number, out MessageId id);
        SimMessage message = new(author, Now, _capacity);
        _messages.Add(id, message);
        _singles.Add(id, [id]);
        author.Router.Publish(new GossipMessage(id, Topic, author.Id, (ulong)_messages.Count, s_raw, s_raw.AsMemory(0, MessageBytes)), Now);
        return message;
    }

    public void Delivered(SimNode node, GossipMessage message) => _messages[message.Id].Reached(node, node.Now);

    /// <summary>The list of one id.</summary>
    public MessageId[] Single(MessageId id) => _singles[id];

    public void Run(TimeSpan time) => Clock.RunUntil(Now + (long)time.TotalMilliseconds, Handle);

    private void Handle(SimEvent what)
    {
        if (what.Kind is SimEventKind.Heartbeat)
        {
            SimNode node = (SimNode)what.Payload!;
            node.Router.Heartbeat(node.Now);
            node.Conduct.Beat(node);
            Clock.Send(node, node, (long)_options.HeartbeatInterval.TotalMilliseconds, in what);
        }
        else
        {
            what.Link!.Owner.Take(in what);
        }
    }
}
