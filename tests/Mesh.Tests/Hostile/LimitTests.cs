using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Wire;
using Blackwall.Mesh.Libp2p.Yamux;
using Blackwall.Mesh.Peer;
using Xunit;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>Each limit of a host by its option: what is within passes, what is beyond is refused and counted.</summary>
public sealed class LimitTests
{
    private const uint Window = 256 * 1024;
    private const string Deaf = "/blackwall/deaf/1.0.0";
    private static readonly byte[] EchoProposal = MultistreamLine.Encode(MultistreamLine.Hello, EchoProtocol.Name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_without_a_protocol_are_bounded_for_a_connection()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { MaxNegotiatingStreams = 4, NegotiationTimeout = TimeSpan.FromSeconds(30) });
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendFramesAsync([.. Enumerable.Range(0, 10).Select(number => new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Syn, (uint)((2 * number) + 1), 0))]);
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.StreamRefused] == 6);

        // A place becomes free with the first stream that agrees on a protocol: its echo tells that the agreement is behind it.
        byte[] word = new byte[EchoProposal.Length + 7];
        await peer.SendDataAsync(1, YamuxFlags.None, EchoProposal);
        await peer.SendDataAsync(1, YamuxFlags.None, word);
        Assert.NotNull(await peer.ReadFrameAsync(frame => frame is { Stream: 1, Type: YamuxType.Data } && frame.Length == word.Length));
        await peer.SendDataAsync(101, YamuxFlags.Syn, EchoProposal);
        Assert.NotNull(await peer.ReadFrameAsync(frame => frame is { Stream: 101, Type: YamuxType.Data }));
    }

    [Fact]
    public async Task Streams_of_all_connections_together_are_bounded()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { MaxInboundStreams = 6, NegotiationTimeout = TimeSpan.FromSeconds(30) });
        await using RawPeer one = await RawPeer.UpgradedAsync(attacked.Address);
        await using RawPeer other = await RawPeer.UpgradedAsync(attacked.Address);
        foreach (RawPeer peer in (RawPeer[])[one, other])
        {
            await peer.SendFramesAsync([.. Enumerable.Range(0, 5).Select(number => new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Syn, (uint)((2 * number) + 1), 0))]);
        }

        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.StreamRefused] == 4);
        await one.DisposeAsync();
        await other.DisposeAsync();
        await HostileFixture.EventuallyAsync(() => attacked.Host.InboundStreams == 0);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task What_nobody_reads_on_all_connections_together_is_bounded()
    {
        YamuxOptions connection = new() { ReadPatience = TimeSpan.FromSeconds(1) };
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { MaxBuffered = 300 * 1024, Connection = connection });
        attacked.Host.Handle(Deaf, (_, cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation));
        byte[] proposal = MultistreamLine.Encode(MultistreamLine.Hello, Deaf);
        List<RawPeer> peers = [];
        for (int number = 0; number < 3; number++)
        {
            RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
            peers.Add(peer);
            await peer.SendDataAsync(1, YamuxFlags.Syn, proposal);
            await peer.SendDataAsync(1, YamuxFlags.None, new byte[Window - proposal.Length]);
        }

        // 768 KiB for 300 KiB of room: at least one stream has to go.
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.StreamOverflow] > 0);
        foreach (RawPeer peer in peers)
        {
            await peer.DisposeAsync();
        }

        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_peer_that_acknowledges_nothing_is_asked_for_so_many_streams()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { Connection = new YamuxOptions { MaxUnacknowledged = 3 }, NegotiationTimeout = TimeSpan.FromSeconds(30), IdentifyTimeout = TimeSpan.FromSeconds(30) });
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        var id = PeerId.From(peer.Key.Public);
        await HostileFixture.EventuallyAsync(() => attacked.Host.Connections.Count == 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        // With the one of identify these are three.
        await peer.ReadFrameAsync(frame => (frame.Flags & YamuxFlags.Syn) != YamuxFlags.None);
        Task<IMeshStream>[] asked = [.. Enumerable.Range(0, 2).Select(_ => attacked.Host.OpenAsync(id, ["/x"], stop.Token))];
        MeshException refused = await Assert.ThrowsAsync<MeshException>(() => attacked.Host.OpenAsync(id, ["/x"], Cancellation));
        Assert.Contains("unacknowledged", refused.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(asked));
    }

    [Fact]
    public async Task Who_asks_for_much_and_takes_none_of_it_is_disconnected()
    {
        YamuxOptions connection = new() { Patience = TimeSpan.FromSeconds(2) };
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { Connection = connection });
        attacked.Host.Handle("/blackwall/source/1.0.0", async (stream, cancellation) =>
        {
            while (true)
            {
                await stream.WriteAsync(new byte[32 * 1024], cancellation);
            }
        });
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendDataAsync(1, YamuxFlags.Syn, MultistreamLine.Encode(MultistreamLine.Hello, "/blackwall/source/1.0.0"));
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.None, 1, 1_000_000_000));
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.ConnectionStalled] == 1);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_stream_whose_other_side_never_closes_it_is_reset_after_we_are_done_with_it()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { Connection = new YamuxOptions { Patience = TimeSpan.FromSeconds(1) } });
        attacked.Host.Handle("/blackwall/brief/1.0.0", (stream, cancellation) => stream.WriteAsync("done"u8.ToArray(), cancellation).AsTask());
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendDataAsync(1, YamuxFlags.Syn, MultistreamLine.Encode(MultistreamLine.Hello, "/blackwall/brief/1.0.0"));
        bool done = false;
        bool closed = false;
        while (await peer.ReadFrameAsync(frame => frame.Stream == 1) is { } got && (got.Header.Flags & YamuxFlags.Rst) == YamuxFlags.None)
        {
            done |= got.Body.AsSpan().EndsWith("done"u8);
            closed |= (got.Header.Flags & YamuxFlags.Fin) != YamuxFlags.None;
        }

        Assert.Equal((true, true), (done, closed));
    }
}
