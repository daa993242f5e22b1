using System.Net;
using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>A peer that writes whatever it likes on its stream, over real connections. Beside each attack an honest message comes through.</summary>
public sealed class HostileGossipTests : IAsyncLifetime
{
    private const string Topic = "t";

    private static readonly Multiaddr s_local = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? address) ? address : null!;

    private readonly PrivateKey _victimKey = PrivateKey.Generate(KeyType.Ed25519);
    private readonly PrivateKey _attackerKey = PrivateKey.Generate(KeyType.Ed25519);
    private readonly PrivateKey _honestKey = PrivateKey.Generate(KeyType.Ed25519);
    private readonly List<TopicMessage> _received = [];
    private MeshHost _victim = null!;
    private MeshHost _attacker = null!;
    private MeshHost _honest = null!;
    private GossipService _gossip = null!;
    private GossipService _honestGossip = null!;
    private IMeshStream _stream = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private double Score => _gossip.Scores().GetValueOrDefault(_attacker.Id);

    public async ValueTask InitializeAsync()
    {
        GossipOptions options = new() { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } };
        _victim = new MeshHost(_victimKey);
        _attacker = new MeshHost(_attackerKey);
        _honest = new MeshHost(_honestKey);
        _gossip = new GossipService(_victim, _victimKey, options, TimeProvider.System, new GossipServiceSettings { MessageId = MessageIdFunction.Spec });
        _honestGossip = new GossipService(_honest, _honestKey, options, TimeProvider.System, new GossipServiceSettings { MessageId = MessageIdFunction.Spec });
        _gossip.Start();
        _honestGossip.Start();
        _gossip.Subscribe(Topic, new TopicOptions
        {
            Received = message =>
            {
                lock (_received)
                {
                    _received.Add(message);
                }
            },
        });
        _honestGossip.Subscribe(Topic, new TopicOptions());
        Multiaddr address = await _victim.ListenAsync(s_local, Cancellation);
        await _attacker.DialAsync(address, _victim.Id, Cancellation);
        await _honest.DialAsync(address, _victim.Id, Cancellation);
        _stream = await _attacker.OpenAsync(_victim.Id, [GossipService.Protocol11], Cancellation);
        await SendAsync(new RpcItem(RpcItemKind.Subscribe, Encoding.UTF8.GetBytes(Topic)));
        await UntilAsync(() => _gossip.Scores().ContainsKey(_attacker.Id) && _gossip.Mesh(Topic).Contains(_honest.Id));
    }

    public async ValueTask DisposeAsync()
    {
        await _gossip.DisposeAsync();
        await _honestGossip.DisposeAsync();
        await _attacker.DisposeAsync();
        await _honest.DisposeAsync();
        await _victim.DisposeAsync();
        _victimKey.Dispose();
        _attackerKey.Dispose();
        _honestKey.Dispose();
    }

    [Fact]
    public async Task A_forged_copy_does_not_keep_the_true_message_out_and_costs_its_sender()
    {
        byte[] real = MessageSignature.Sign(_honestKey, _honest.Id, 77, Topic, "true"u8);
        byte[] forged = [.. real];
        forged[^1] ^= 1;
        await SendAsync(new RpcItem(RpcItemKind.Message, Body: forged));
        await UntilAsync(() => _gossip.Counters.Rejected == 1);
        Assert.True(Score < 0);
        await SendAsync(new RpcItem(RpcItemKind.Message, Body: real));
        await UntilAsync(() => Texts().Contains("true"));
    }

    [Fact]
    public async Task Wrong_signatures_end_in_the_graylist_and_honest_peers_are_heard()
    {
        for (int n = 0; n < 50; n++)
        {
            byte[] forged = MessageSignature.Sign(_attackerKey, _attacker.Id, (ulong)n, Topic, "x"u8);
            forged[^1] ^= 1;
            await SendAsync(new RpcItem(RpcItemKind.Message, Body: forged));
        }

        await UntilAsync(() => _gossip.Counters.Graylisted > 0);
        await SendAsync(new RpcItem(RpcItemKind.Message, Body: MessageSignature.Sign(_attackerKey, _attacker.Id, 99, Topic, "good"u8)));
        await AssertHonestAsync();
        Assert.DoesNotContain("good", Texts());
    }

    [Theory]
    [InlineData("unsigned")]
    [InlineData("without author")]
    [InlineData("short number")]
    [InlineData("foreign key")]
    [InlineData("too long")]
    public async Task A_message_that_breaks_the_policy_is_refused_before_its_signature(string kind)
    {
        byte[] from = _attacker.Id.Bytes.ToArray();
        byte[] raw = kind switch
        {
            "unsigned" => MessageView.WriteUnsigned(from, "x"u8, new byte[8], "t"u8),
            "without author" => MessageView.Seal(MessageView.WriteUnsigned([], "x"u8, new byte[8], "t"u8), new byte[64], default),
            "short number" => MessageView.Seal(MessageView.WriteUnsigned(from, "x"u8, new byte[7], "t"u8), new byte[64], default),
            "foreign key" => MessageView.Seal(MessageView.WriteUnsigned(from, "x"u8, new byte[8], "t"u8), new byte[64], _honestKey.Public.Encoded.Span),
            _ => MessageSignature.Sign(_attackerKey, _attacker.Id, 5, Topic, new byte[(64 * 1024) + 1]),
        };
        await SendAsync(new RpcItem(RpcItemKind.Message, Body: raw));
        await UntilAsync(() => _gossip.Counters.Rejected == 1);
        Assert.True(Score < 0);
        await AssertHonestAsync();
    }

    [Theory]
    [InlineData("8180808010")]
    [InlineData("ffffffffffffffffff7f")]
    [InlineData("8080808080808080808001")]
    [InlineData("020aff")]
    [InlineData("0208 01")]
    public async Task A_huge_or_senseless_frame_ends_the_stream_and_nothing_else(string hex)
    {
        await _stream.WriteAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), Cancellation);
        await UntilAsync(() => _gossip.Counters.BadRpcs == 1);
        await AssertResetAsync();
        await AssertHonestAsync();
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_holds_up_nobody()
    {
        await _stream.WriteAsync(new byte[] { 0x80, 0x80, 0x20 }, Cancellation);
        await _stream.WriteAsync(new byte[100], Cancellation);
        await AssertHonestAsync();
    }

    [Fact]
    public async Task A_hundred_thousand_subscriptions_cost_a_thousand_places()
    {
        for (int part = 0; part < 20; part++)
        {
            int from = part * 5_000;
            await SendAsync([.. Enumerable.Range(from, 5_000).Select(n => new RpcItem(RpcItemKind.Subscribe, Encoding.UTF8.GetBytes($"topic{n}")))]);
        }

        await UntilAsync(() => _gossip.Counters.SubscriptionsOverLimit == 99_001);
        await SendAsync([.. Enumerable.Range(0, 5_001).Select(n => new RpcItem(RpcItemKind.Subscribe, Encoding.UTF8.GetBytes($"topic{n}")))]);
        await UntilAsync(() => _gossip.Counters.BadRpcs == 1);
        await AssertHonestAsync();
    }

    [Fact]
    public async Task Floods_of_ihave_and_iwant_are_counted_and_bounded()
    {
        MessageId[] ids = [.. Enumerable.Range(0, 1_000).Select(n => TestPeers.MessageId(n + 1_000_000))];
        for (int n = 0; n < 30; n++)
        {
            await SendAsync(new RpcItem(RpcItemKind.IHave, Encoding.UTF8.GetBytes(Topic), Ids: ids));
            await SendAsync(new RpcItem(RpcItemKind.IWant, Ids: ids));
        }

        await UntilAsync(() => _gossip.Counters.IHavesOverLimit > 0 && _gossip.Counters.IWantsOverLimit > 0);
        await AssertHonestAsync();

        // What it told of and never sent is held against it.
        await UntilAsync(() => _gossip.Counters.BrokenPromises > 0);
    }

    [Fact]
    public async Task Grafts_inside_of_the_backoff_cost_until_nothing_more_is_heeded()
    {
        for (int n = 0; n < 40; n++)
        {
            await SendAsync(new RpcItem(RpcItemKind.Prune, Encoding.UTF8.GetBytes(Topic), Backoff: ulong.MaxValue), new RpcItem(RpcItemKind.Graft, Encoding.UTF8.GetBytes(Topic)));
        }

        // The items of one RPC are written in the order given: each GRAFT follows the PRUNE whose backoff it breaks.
        await UntilAsync(() => _gossip.Counters.EarlyGrafts > 5 && _gossip.Counters.Graylisted > 0);
        Assert.DoesNotContain(_attacker.Id, _gossip.Mesh(Topic));
        await AssertHonestAsync();
    }

    private async Task SendAsync(params RpcItem[] items)
    {
        byte[] bytes = new byte[RpcWriter.Size(items)];
        RpcWriter.Write(items, bytes);
        await _stream.WriteAsync(bytes, Cancellation);
    }

    private List<string> Texts()
    {
        lock (_received)
        {
            return [.. _received.Select(message => Encoding.UTF8.GetString(message.Data.Span))];
        }
    }

    private async Task AssertHonestAsync()
    {
        string text = Guid.NewGuid().ToString();
        await _honestGossip.PublishAsync(Topic, Encoding.UTF8.GetBytes(text), Cancellation);
        await UntilAsync(() => Texts().Contains(text));
        Assert.True(_gossip.Scores()[_honest.Id] >= 0);
    }

    private async Task AssertResetAsync() => await Assert.ThrowsAnyAsync<IOException>(async () =>
    {
        while (true)
        {
            await _stream.WriteAsync(new byte[1024], Cancellation);
            await Task.Yield();
        }
    });

    private async Task UntilAsync(Func<bool> holds)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException($"score {Score}, {System.Text.Json.JsonSerializer.Serialize(_gossip.Counters)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
    }
}
