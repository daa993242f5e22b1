using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>Gossip with js-libp2p: both ways, with both versions of the protocol, and in a mixed mesh.</summary>
public sealed class JsGossipTests
{
    private const string Topic = "indicators";

    private static readonly Multiaddr s_local = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? address) ? address : null!;

    private static readonly GossipOptions s_options = new() { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/meshsub/1.2.0", KeyType.Ed25519, "Ed25519", MessageIdFunction.Sha256)]
    [InlineData("/meshsub/1.1.0", KeyType.Ed25519, "Ed25519", MessageIdFunction.Spec)]
    [InlineData("/meshsub/1.2.0", KeyType.Secp256k1, "RSA", MessageIdFunction.Spec)]
    [InlineData("/meshsub/1.2.0", KeyType.Rsa, "secp256k1", MessageIdFunction.Sha256)]
    public async Task Messages_go_both_ways_with_their_author_and_id(string protocol, KeyType ours, string theirs, MessageIdFunction function)
    {
        await using JsPeer js = await JsPeer.StartAsync(new
        {
            keyType = theirs, messageId = function is MessageIdFunction.Spec ? "spec" : "sha256", gossip = new { protocols = new[] { protocol } },
        });
        await using GossipNode node = new(ours, function);
        await js.AskAsync("subscribe", new { topic = Topic });
        await node.Host.DialAsync(js.Address, expected: null, Cancellation);
        await js.EventAsync("graft");
        await node.EventAsync(GossipEventKind.Grafted, js.Id);

        ReadOnlyMemory<byte> id = await node.Gossip.PublishAsync(Topic, Encoding.UTF8.GetBytes("from us " + new string('x', 1000)), Cancellation);
        JsonObject got = await js.EventAsync("message");
        Assert.Equal(node.Host.Id.ToString(), got["from"]!.GetValue<string>());
        Assert.Equal(Convert.ToBase64String(id.Span).TrimEnd('='), got["id"]!.GetValue<string>());
        Assert.StartsWith("from us", Encoding.UTF8.GetString(Convert.FromBase64String(got["data"]!.GetValue<string>())), StringComparison.Ordinal);

        await js.AskAsync("publish", new { topic = Topic, data = "from js" });
        TopicMessage message = await node.MessageAsync(told => Encoding.UTF8.GetString(told.Data.Span) is "from js");
        Assert.Equal(js.Id, message.From);

        JsonObject scores = await js.AskAsync("scores");
        Assert.True(scores["scores"]![node.Host.Id.ToString()]!.GetValue<double>() >= 0);
        Assert.True(node.Gossip.Scores()[js.Id] > 0);
    }

    [Fact]
    public async Task Js_that_dials_us_hears_us_and_is_told_when_we_leave()
    {
        await using JsPeer js = await JsPeer.StartAsync(new { listen = "", gossip = new { } });
        await using GossipNode node = new(KeyType.Ed25519, MessageIdFunction.Sha256);
        Multiaddr address = (await node.Host.ListenAsync(s_local, Cancellation)).WithPeer(node.Host.Id);
        await js.AskAsync("dial", new { address = address.ToString() });
        await js.AskAsync("subscribe", new { topic = Topic });
        await node.EventAsync(GossipEventKind.Grafted, js.Id);
        await node.Gossip.PublishAsync(Topic, "hello"u8.ToArray(), Cancellation);
        await js.EventAsync("message");

        node.Membership.Dispose();
        await js.EventAsync("prune");
        await js.EventAsync("subscription", told => told["topics"]!.AsArray().Count == 0);
    }

    [Fact]
    public async Task What_js_missed_it_gets_by_asking()
    {
        // Not in our mesh, for it is full of others: it hears of the message by IHAVE and asks.
        await using JsPeer js = await JsPeer.StartAsync(new { gossip = new { } });
        await js.AskAsync("subscribe", new { topic = Topic });
        await using GossipNode node = new(KeyType.Ed25519, MessageIdFunction.Sha256, s_options with { Degree = 0, DegreeLow = 0, DegreeHigh = 0, DegreeOutbound = 0, FloodPublish = false });
        Multiaddr address = (await node.Host.ListenAsync(s_local, Cancellation)).WithPeer(node.Host.Id);
        await js.AskAsync("dial", new { address = address.ToString() });
        await node.EventAsync(GossipEventKind.Subscribed, js.Id);
        await node.Gossip.PublishAsync(Topic, "by gossip"u8.ToArray(), Cancellation);
        JsonObject got = await js.EventAsync("message");
        Assert.Equal("by gossip", Encoding.UTF8.GetString(Convert.FromBase64String(got["data"]!.GetValue<string>())));
        Assert.Empty(node.Gossip.Mesh(Topic));
    }

    [Fact]
    public async Task A_mixed_mesh_delivers_everything_and_nobody_honest_falls_below_zero()
    {
        const int Each = 3;
        const int Messages = 60;
        GossipNode[] nodes = [.. Enumerable.Range(0, Each).Select(_ => new GossipNode(KeyType.Ed25519, MessageIdFunction.Sha256))];
        JsPeer[] peers = await Task.WhenAll(Enumerable.Range(0, Each).Select(_ => JsPeer.StartAsync(new { gossip = new { } })));
        try
        {
            foreach (JsPeer peer in peers)
            {
                await peer.AskAsync("subscribe", new { topic = Topic });
            }

            List<Multiaddr> known = [.. peers.Select(peer => peer.Address)];
            foreach (GossipNode node in nodes)
            {
                foreach (Multiaddr address in known)
                {
                    await node.Host.DialAsync(address, expected: null, Cancellation);
                }

                known.Add((await node.Host.ListenAsync(s_local, Cancellation)).WithPeer(node.Host.Id));
            }

            await peers[0].AskAsync("dial", new { address = peers[1].Address.ToString() });
            await peers[1].AskAsync("dial", new { address = peers[2].Address.ToString() });
            foreach (JsPeer peer in peers)
            {
                await peer.EventAsync("graft");
            }

            for (int i = 0; i < Messages; i++)
            {
                byte[] data = Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture) + new string('.', 512));
                await nodes[i % Each].Gossip.PublishAsync(Topic, data, Cancellation);
                await peers[i % Each].AskAsync("publish", new { topic = Topic, data = "js" + i.ToString(CultureInfo.InvariantCulture) + new string('.', 512) });
            }

            // Everybody has all but its own.
            const int Expected = 2 * Messages - (Messages / Each);
            await Task.WhenAll(nodes.Select(node => node.CountAsync(Expected)));
            foreach (JsPeer peer in peers)
            {
                await peer.CountAsync("message", Expected);
                JsonObject scores = await peer.AskAsync("scores");
                Assert.All(scores["scores"]!.AsObject(), score => Assert.True(score.Value!.GetValue<double>() >= 0, score.ToString()));
            }

            Assert.All(nodes, node => Assert.All(node.Gossip.Scores().Values, score => Assert.True(score >= 0)));
        }
        finally
        {
            foreach (IAsyncDisposable end in (IAsyncDisposable[])[.. nodes, .. peers])
            {
                await end.DisposeAsync();
            }
        }
    }

    /// <summary>Our host with gossip, and what happened to it.</summary>
    private sealed class GossipNode : IAsyncDisposable
    {
        private readonly PrivateKey _key;
        private readonly List<TopicMessage> _messages = [];
        private readonly List<GossipEvent> _events = [];
        private readonly Lock _gate = new();

        public GossipNode(KeyType type, MessageIdFunction function, GossipOptions? options = null)
        {
            _key = PrivateKey.Generate(type);
            Host = new MeshHost(_key);
            Gossip = new GossipService(Host, _key, options ?? s_options, TimeProvider.System, new GossipServiceSettings { MessageId = function });
            Gossip.Happened += happened => Note(_events, happened);
            Gossip.Start();
            Membership = Gossip.Subscribe(Topic, new TopicOptions { Received = message => Note(_messages, message) });
        }

        public MeshHost Host { get; }

        public GossipService Gossip { get; }

        public IDisposable Membership { get; }

        public Task EventAsync(GossipEventKind kind, PeerId peer) => UntilAsync(() => _events.Exists(told => told.Kind == kind && told.Peer == peer));

        public async Task<TopicMessage> MessageAsync(Predicate<TopicMessage> like)
        {
            await UntilAsync(() => _messages.Exists(like));
            lock (_gate)
            {
                return _messages.Find(like)!;
            }
        }

        public Task CountAsync(int messages) => UntilAsync(() => _messages.Count == messages);

        public async ValueTask DisposeAsync()
        {
            await Gossip.DisposeAsync();
            await Host.DisposeAsync();
            _key.Dispose();
        }

        private void Note<T>(List<T> list, T what)
        {
            lock (_gate)
            {
                list.Add(what);
            }
        }

        private async Task UntilAsync(Func<bool> holds)
        {
            long began = TimeProvider.System.GetTimestamp();
            while (true)
            {
                lock (_gate)
                {
                    if (holds())
                    {
                        return;
                    }

                    if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
                    {
                        throw new TimeoutException($"{_messages.Count} messages; {string.Join(", ", _events)}");
                    }
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
            }
        }
    }
}
