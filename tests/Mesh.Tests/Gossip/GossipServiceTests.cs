using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>Three of our own peers in a line: what the middle one's application says decides what the last one hears.</summary>
public sealed class GossipServiceTests : IAsyncLifetime
{
    private const string Topic = "t";

    private static readonly Multiaddr s_local = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? address) ? address : null!;

    private readonly List<(PrivateKey Key, MeshHost Host, GossipService Gossip)> _nodes = [];
    private readonly ConcurrentQueue<string> _heard = [];
    private readonly ConcurrentQueue<Exception> _failures = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        GossipOptions options = new() { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } };
        for (int n = 0; n < 3; n++)
        {
            var key = PrivateKey.Generate(KeyType.Ed25519);
            MeshHost host = new(key);
            GossipService gossip = new(host, key, options, TimeProvider.System, new GossipServiceSettings { ValidatorTime = TimeSpan.FromMilliseconds(200) });
            gossip.Failed += _failures.Enqueue;
            gossip.Start();
            _nodes.Add((key, host, gossip));
            Multiaddr address = await host.ListenAsync(s_local, Cancellation);
            if (n > 0)
            {
                await _nodes[n - 1].Host.DialAsync(address, host.Id, Cancellation);
            }
        }

        _nodes[0].Gossip.Subscribe(Topic, new TopicOptions());
        _nodes[1].Gossip.Subscribe(Topic, new TopicOptions { Validator = ValidateAsync });
        _nodes[2].Gossip.Subscribe(Topic, new TopicOptions { Received = message => _heard.Enqueue(Encoding.UTF8.GetString(message.Data.Span)) });
        await UntilAsync(() => _nodes[1].Gossip.Mesh(Topic).Count == 2);
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((PrivateKey key, MeshHost host, GossipService gossip) in _nodes)
        {
            await gossip.DisposeAsync();
            await host.DisposeAsync();
            key.Dispose();
        }
    }

    [Theory]
    [InlineData("reject", true)]
    [InlineData("ignore", false)]
    [InlineData("throw", false)]
    [InlineData("never", false)]
    public async Task Only_what_the_validator_accepts_is_passed_on_and_only_what_it_rejects_is_blamed(string kind, bool blamed)
    {
        await PublishAsync(kind);
        await UntilAsync(() => _nodes[1].Gossip.Counters.Rejected + _nodes[1].Gossip.Counters.Ignored == 1);
        Assert.Equal(blamed, _nodes[1].Gossip.Scores()[_nodes[0].Host.Id] < 0);
        await PublishAsync("accept");
        await UntilAsync(() => _heard.Contains("accept"));
        Assert.Equal(["accept"], _heard);
        Assert.Equal(kind is "throw" or "never" ? 1 : 0, _failures.Count);
    }

    [Fact]
    public async Task Too_long_a_message_an_empty_topic_and_a_second_subscription_are_refused_with_a_reason()
    {
        GossipService gossip = _nodes[0].Gossip;
        MeshException tooLong = await Assert.ThrowsAsync<MeshException>(async () => await gossip.PublishAsync(Topic, new byte[(64 * 1024) + 1], Cancellation));
        Assert.Contains("65536", tooLong.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MeshException>(async () => await gossip.PublishAsync("", "x"u8.ToArray(), Cancellation));
        Assert.Throws<MeshException>(() => gossip.Subscribe(Topic, new TopicOptions()));
        Assert.Throws<MeshException>(() => gossip.Subscribe(new string('ä', 129), new TopicOptions()));

        // After leaving it can be joined again, and the longest message is heard.
        gossip.Subscribe("other", new TopicOptions()).Dispose();
        gossip.Subscribe("other", new TopicOptions());
        await gossip.PublishAsync(Topic, Enumerable.Repeat((byte)'a', 64 * 1024).ToArray(), Cancellation);
        await UntilAsync(() => _heard.Any(text => text.Length == 64 * 1024));
    }

    [Fact]
    public void Sequence_numbers_begin_at_the_clock_in_nanoseconds_and_above_the_last_run_if_the_clock_was_set_back()
    {
        ulong now = (ulong)(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.InRange(_nodes[0].Gossip.Seqno, now - 3_600_000_000_000, now);
        GossipService later = new(_nodes[0].Host, _nodes[0].Key, new GossipOptions(), TimeProvider.System, new GossipServiceSettings { SeqnoAbove = now + 3_600_000_000_000 });
        Assert.Equal(now + 3_600_000_000_000, later.Seqno);
    }

    [Fact]
    public async Task A_peer_that_goes_away_is_forgotten_and_one_that_comes_back_is_heard_again()
    {
        await _nodes[0].Host.DisconnectAsync(_nodes[1].Host.Id);
        await UntilAsync(() => _nodes[1].Gossip.Scores().Count == 1);
        await _nodes[0].Host.DialAsync(_nodes[1].Host.Addresses[0], _nodes[1].Host.Id, Cancellation);
        await UntilAsync(() => _nodes[1].Gossip.Scores().Count == 2);
        for (int n = 0; _heard.IsEmpty; n++)
        {
            await PublishAsync($"accept {n}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private static async ValueTask<Validation> ValidateAsync(TopicMessage message)
    {
        switch (Encoding.UTF8.GetString(message.Data.Span))
        {
            case "reject":
                return Validation.Reject;
            case "ignore":
                return Validation.Ignore;
            case "throw":
                throw new InvalidOperationException("The validator has a fault.");
            case "never":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Cancellation);
                return Validation.Accept;
            default:
                return Validation.Accept;
        }
    }

    private async Task PublishAsync(string text) => await _nodes[0].Gossip.PublishAsync(Topic, Encoding.UTF8.GetBytes(text), Cancellation);

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
    }
}
