using System.Net;
using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Yamux;
using Blackwall.Tests.Mesh.Hostile;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>RPCs whose rest does not come, and subscriptions that change without end: what they hold is bounded in bytes and in time.</summary>
public sealed class FrameTests : IAsyncDisposable
{
    private static readonly byte[] s_megabyteAnnounced = [0x80, 0x80, 0x40];

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly PrivateKey _key = PrivateKey.Generate(KeyType.Ed25519);
    private readonly MeshHost _host;
    private readonly List<(MeshHost Host, PrivateKey Key)> _others = [];
    private GossipService? _service;

    public FrameTests() => _host = new MeshHost(_key);

    private GossipService Gossip => _service!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await (_service?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach ((MeshHost host, PrivateKey key) in _others)
        {
            await host.DisposeAsync();
            key.Dispose();
        }

        await _host.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task An_rpc_whose_rest_does_not_come_in_time_ends_its_stream_and_an_idle_one_does_not()
    {
        Multiaddr address = await StartAsync(new GossipOptions());
        IMeshStream late = await OpenAsync(address);
        IMeshStream idle = await OpenAsync(address);
        await SendAsync(idle, Subscribe("quiet"));
        await late.WriteAsync(s_megabyteAnnounced, Cancellation);
        await late.WriteAsync(new byte[200_000], Cancellation);
        await HostileFixture.EventuallyAsync(() => Gossip.FramesHeld >= 200_000 - (8 * 1024));
        await AdvanceUntilAsync(() => Gossip.Counters.UnfinishedRpcs == 1);
        await HostileFixture.EventuallyAsync(() => Gossip.FramesHeld == 0);
        await Assert.ThrowsAnyAsync<IOException>(async () => await late.ReadAsync(new byte[1], Cancellation));

        // The other has been silent for as long, between two RPCs, and may go on.
        int events = 0;
        Gossip.Happened += _ => Interlocked.Increment(ref events);
        await SendAsync(idle, Subscribe("again"));
        await HostileFixture.EventuallyAsync(() => Volatile.Read(ref events) == 1);
        Assert.Equal(1, Gossip.Counters.UnfinishedRpcs);
    }

    [Fact]
    public async Task Where_unfinished_rpcs_fill_their_room_the_one_that_holds_most_goes_and_short_ones_come_through()
    {
        Multiaddr address = await StartAsync(new GossipOptions { FrameBytes = 512 * 1024 });
        List<IMeshStream> hostile = [];
        for (int n = 0; n < 6; n++)
        {
            IMeshStream stream = await OpenAsync(address);
            await stream.WriteAsync(s_megabyteAnnounced, Cancellation);
            await stream.WriteAsync(new byte[200_000], Cancellation);
            hostile.Add(stream);
        }

        await HostileFixture.EventuallyAsync(() => Gossip.Counters.UnfinishedRpcs > 0 && Gossip.FramesHeld <= 512 * 1024);
        int events = 0;
        Gossip.Happened += _ => Interlocked.Increment(ref events);
        await SendAsync(await OpenAsync(address), [.. Enumerable.Range(0, 500).Select(n => Subscribe($"topic {n}"))]);
        await HostileFixture.EventuallyAsync(() => Volatile.Read(ref events) == 500);
    }

    [Fact]
    public async Task A_promised_length_costs_nothing_until_its_bytes_come()
    {
        MemoryBudget budget = new(long.MaxValue);
        var stream = new ScriptedStream([s_megabyteAnnounced, new byte[100], new byte[100_000], new byte[948_476]]);
        using (var reader = new FrameReader(stream, 2 * 1024 * 1024, budget, TimeProvider.System))
        {
            Assert.True(await reader.FillAsync(Cancellation));
            Assert.False(reader.TryTake(out _));
            Assert.True(await reader.FillAsync(Cancellation));
            Assert.Equal(0, budget.Used);
            for (int read = 0; read < 100_000; read = stream.Taken - 103)
            {
                Assert.True(await reader.FillAsync(Cancellation));
            }

            Assert.False(reader.TryTake(out _));
            Assert.InRange(budget.Used, 100_000 - (8 * 1024), 2 * 131_072);
            ReadOnlyMemory<byte> frame;
            while (!reader.TryTake(out frame))
            {
                Assert.True(await reader.FillAsync(Cancellation));
            }

            Assert.Equal(1024 * 1024, frame.Length);
            Assert.True(budget.Used > 0);
            Assert.False(await reader.FillAsync(Cancellation));
            Assert.Equal(0, budget.Used);
        }

        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task Subscriptions_that_change_without_end_are_told_as_lost_and_do_not_push_out_the_rest()
    {
        Multiaddr address = await StartAsync(new GossipOptions { TopicsPerPeer = 100, SubscriptionEvents = 10 });
        long told = 0;
        long lost = 0;
        Gossip.Happened += _ => Interlocked.Increment(ref told);
        Gossip.EventsLost += count => Interlocked.Add(ref lost, count);
        IMeshStream hostile = await OpenAsync(address);
        for (int n = 0; n < 10; n++)
        {
            await SendAsync(hostile, [.. Enumerable.Range(0, 500).Select(i => new RpcItem(i % 2 == 0 ? RpcItemKind.Subscribe : RpcItemKind.Unsubscribe, "flip"u8.ToArray()))]);
        }

        await AdvanceUntilAsync(() => Interlocked.Read(ref told) + Interlocked.Read(ref lost) == 5_000);
        Assert.InRange(Interlocked.Read(ref lost), 4_000, 4_900);
        Assert.Equal(Gossip.EventsDropped, lost);
        long before = told;
        await SendAsync(await OpenAsync(address), [.. Enumerable.Range(0, 50).Select(n => Subscribe($"topic {n}"))]);
        await HostileFixture.EventuallyAsync(() => Interlocked.Read(ref told) == before + 50);
    }

    private static RpcItem Subscribe(string topic) => new(RpcItemKind.Subscribe, Encoding.UTF8.GetBytes(topic));

    private static async Task SendAsync(IMeshStream stream, params RpcItem[] items)
    {
        byte[] bytes = new byte[RpcWriter.Size(items)];
        RpcWriter.Write(items, bytes);
        await stream.WriteAsync(bytes, Cancellation);
    }

    private async Task<Multiaddr> StartAsync(GossipOptions options)
    {
        options = options with { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } };
        _service = new GossipService(_host, _key, options, _time);
        _service.Start();
        return await _host.ListenAsync(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local) ? local : null!, Cancellation);
    }

    private async Task<IMeshStream> OpenAsync(Multiaddr address)
    {
        var key = PrivateKey.Generate(KeyType.Ed25519);
        var host = new MeshHost(key);
        _others.Add((host, key));
        await host.DialAsync(address, _host.Id, Cancellation);
        return await host.OpenAsync(_host.Id, [GossipService.Protocol11], Cancellation);
    }

    private async Task AdvanceUntilAsync(Func<bool> holds) => await HostileFixture.EventuallyAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return holds();
    });

    /// <summary>Gives these pieces, one after the other, and then the end.</summary>
    private sealed class ScriptedStream(byte[][] pieces) : IByteStream
    {
        private int _piece;
        private int _at;

        public int Taken { get; private set; }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            if (_piece == pieces.Length)
            {
                return ValueTask.FromResult(0);
            }

            byte[] piece = pieces[_piece];
            int count = Math.Min(buffer.Length, piece.Length - _at);
            piece.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            Taken += count;
            if (_at == piece.Length)
            {
                (_piece, _at) = (_piece + 1, 0);
            }

            return ValueTask.FromResult(count);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask CloseWriteAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public void Reset()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
