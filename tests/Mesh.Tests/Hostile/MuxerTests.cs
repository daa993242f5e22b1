using System.Buffers.Binary;
using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Wire;
using Blackwall.Mesh.Libp2p.Yamux;
using Blackwall.Mesh.Peer;
using Xunit;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>Peers that have proven who they are and then attack through the muxer.</summary>
public sealed class MuxerTests
{
    private const uint Window = 256 * 1024;
    private const string Deaf = "/blackwall/deaf/1.0.0";
    private static readonly byte[] EchoProposal = MultistreamLine.Encode(MultistreamLine.Hello, EchoProtocol.Name);

    public static TheoryData<string, byte[]> Breaches => new()
    {
        { "another version", Frame(1, 0, 1, 1, 0) },
        { "an unknown type", Frame(0, 4, 0, 1, 0) },
        { "unknown flags", Frame(0, 0, 0x10, 1, 0) },
        { "data on stream 0", Frame(0, 0, 1, 0, 4) },
        { "a window on stream 0", Frame(0, 1, 1, 0, 4) },
        { "a ping on a stream", Frame(0, 2, 1, 1, 4) },
        { "a go-away on a stream", Frame(0, 3, 0, 1, 0) },
        { "a stream that is ours to open", Frame(0, 1, 1, 2, 0) },
        { "a stream opened twice", [.. Frame(0, 1, 1, 1, 0), .. Frame(0, 1, 1, 1, 0)] },
        { "data of 4 GiB", Frame(0, 0, 1, 1, uint.MaxValue) },
        { "data beyond any window", Frame(0, 0, 1, 1, Window + 1) },
        { "a window of more than 32 bits", [.. Frame(0, 1, 1, 1, 0), .. Frame(0, 1, 0, 1, uint.MaxValue), .. Frame(0, 1, 0, 1, uint.MaxValue)] },
        { "data after the end of its stream", [.. Frame(0, 0, 1, 1, 0), .. Frame(0, 1, 4, 1, 0), .. Frame(0, 0, 0, 1, 4), 1, 2, 3, 4] },
        { "a ping answer that nobody asked for", Frame(0, 2, 2, 0, 7) },
        { "a ping that asks and answers", Frame(0, 2, 3, 0, 7) },
        { "a ping with an end", Frame(0, 2, 5, 0, 7) },
        { "a ping that neither asks nor answers", Frame(0, 2, 0, 0, 7) },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task A_breach_of_the_rules_is_answered_by_a_go_away_and_the_end(string what, byte[] bytes)
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendSealedAsync(bytes);
        (YamuxHeader Header, byte[] Body)? last = await peer.ReadFrameAsync(frame => frame.Type == YamuxType.GoAway);
        Assert.True(last?.Header.Length == 1, what);
        await peer.ExpectEndAsync();
        Assert.Equal(1, attacked.Host.Counters[MeshLoss.ProtocolBreach]);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Data_beyond_what_is_left_of_the_window_ends_the_connection_and_data_up_to_it_does_not()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        attacked.Host.Handle(Deaf, HearNothingAsync);
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        byte[] proposal = MultistreamLine.Encode(MultistreamLine.Hello, Deaf);
        await peer.SendDataAsync(1, YamuxFlags.Syn, proposal);
        await peer.SendDataAsync(1, YamuxFlags.None, new byte[Window - proposal.Length]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Ping, YamuxFlags.Syn, 0, 5));
        Assert.Equal(5u, (await peer.ReadFrameAsync(frame => frame.Type == YamuxType.Ping))!.Value.Header.Length);
        await peer.SendDataAsync(1, YamuxFlags.None, [1]);
        Assert.Equal(1u, (await peer.ReadFrameAsync(frame => frame.Type == YamuxType.GoAway))!.Value.Header.Length);
        await peer.ExpectEndAsync();
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_short_an_altered_and_a_repeated_noise_frame_end_the_connection()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        byte[] ping = Frame(0, 2, 1, 0, 7);
        foreach (Func<RawPeer, Task> attack in (Func<RawPeer, Task>[])
        [
            peer => peer.SendAsync(0, 0),
            peer => peer.SendAsync(0, 15, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
            peer => peer.SendAsync([0, 28, .. new byte[28]]),
            peer => peer.SendAsync([0xff, 0xff, .. new byte[65535]]),
            async peer =>
            {
                // The same sealed bytes again: the receiver is one nonce further.
                byte[] once = peer.Channel.Seal(ping);
                await peer.SendAsync([.. once, .. once]);
            },
        ])
        {
            await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
            await attack(peer);
            await peer.ExpectEndAsync();
        }

        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.ProtocolBreach] == 5);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task More_streams_than_are_allowed_are_reset_and_the_connection_lives()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { Connection = new YamuxOptions { MaxInboundStreams = 100 }, NegotiationTimeout = TimeSpan.FromSeconds(30) });
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendFramesAsync([.. Enumerable.Range(0, 2000).Select(number => new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Syn, (uint)((2 * number) + 1), 0))]);
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.StreamRefused] >= 1900);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Ping, YamuxFlags.Syn, 0, 5));
        Assert.Equal(5u, (await peer.ReadFrameAsync(frame => frame.Type == YamuxType.Ping))!.Value.Header.Length);
    }

    [Fact]
    public async Task Streams_on_which_nothing_is_agreed_are_reset_in_time()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendDataAsync(1, YamuxFlags.Syn, [0x13, .. "/multi"u8]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Syn, 3, 0));
        await peer.SendDataAsync(5, YamuxFlags.Syn, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        HashSet<uint> reset = [];
        while (reset.Count < 3)
        {
            reset.Add((await peer.ReadFrameAsync(frame => (frame.Flags & YamuxFlags.Rst) != YamuxFlags.None && frame.Stream % 2 == 1))!.Value.Header.Stream);
        }

        Assert.Empty(attacked.Faults);
    }

    [Fact]
    public async Task Opening_and_resetting_streams_without_end_ends_the_connection()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        Task end = peer.ExpectEndAsync(60);
        for (uint stream = 1; !end.IsCompleted; stream += 2000)
        {
            await peer.SendFramesAsync([.. Enumerable.Range(0, 1000).SelectMany(number => (YamuxHeader[])
            [
                new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Syn, stream + (uint)(2 * number), 0),
                new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Rst, stream + (uint)(2 * number), 0),
            ])]);
        }

        await end;
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Pings_without_end_whose_answers_nobody_takes_end_the_connection_and_hold_no_memory()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        YamuxHeader[] pings = [.. Enumerable.Repeat(new YamuxHeader(YamuxType.Ping, YamuxFlags.Syn, 0, 1), 5000)];
        for (int round = 0; round < 40; round++)
        {
            await peer.SendFramesAsync(pings);
        }

        await peer.ExpectEndAsync();
        Assert.Equal(1, attacked.Host.Counters[MeshLoss.ProtocolBreach]);
        Assert.True(attacked.Host.Counters[MeshLoss.PingDropped] > 0);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Data_that_no_handler_reads_is_bounded_and_its_stream_is_reset()
    {
        YamuxOptions connection = new() { MaxBuffered = 512 * 1024, ReadPatience = TimeSpan.FromSeconds(2) };
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { Connection = connection });
        attacked.Host.Handle(Deaf, HearNothingAsync);
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        byte[] proposal = MultistreamLine.Encode(MultistreamLine.Hello, Deaf);
        for (uint stream = 1; stream <= 15; stream += 2)
        {
            await peer.SendDataAsync(stream, YamuxFlags.Syn, proposal);
            await peer.SendDataAsync(stream, YamuxFlags.None, new byte[Window - proposal.Length]);
        }

        (YamuxHeader Header, byte[] Body)? reset = await peer.ReadFrameAsync(frame => (frame.Flags & YamuxFlags.Rst) != YamuxFlags.None && frame.Stream % 2 == 1);
        Assert.NotNull(reset);
        Assert.True(attacked.Host.Counters[MeshLoss.StreamOverflow] > 0);
        await attacked.Honest.DialAsync(attacked.Address, attacked.Host.Id, Cancellation);
        await attacked.Honest.Ping.PingAsync(attacked.Host.Id, Cancellation);
    }

    [Fact]
    public async Task An_echo_whose_asker_gives_no_window_stops_and_costs_no_more_than_the_windows()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendDataAsync(1, YamuxFlags.Syn, EchoProposal);
        long echoed = 0;
        for (int round = 0; round < 8; round++)
        {
            await peer.SendDataAsync(1, YamuxFlags.None, new byte[Window / 4]);
            await peer.SendFramesAsync(new YamuxHeader(YamuxType.Ping, YamuxFlags.Syn, 0, (uint)round));
            while (await peer.ReadFrameAsync(frame => frame.Stream == 1 || frame.Type == YamuxType.Ping) is { } got && got.Header.Type != YamuxType.Ping)
            {
                echoed += got.Body.Length;
                Assert.True(echoed <= Window);
            }

            if (round == 3)
            {
                // Our window: what was not read by the handler was not given back.
                break;
            }
        }

        await peer.SendFramesAsync(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Rst, 1, 0));
        peer.Socket.Close();
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Who_takes_no_data_at_all_is_disconnected()
    {
        YamuxOptions connection = new() { Patience = TimeSpan.FromSeconds(2), KeepAlive = TimeSpan.FromSeconds(2) };
        await using HostileFixture attacked = await HostileFixture.StartAsync(HostileFixture.Quick with { Connection = connection });
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);

        // It neither answers the question whether it lives nor reads anything.
        await HostileFixture.EventuallyAsync(() => attacked.Host.Counters[MeshLoss.ConnectionStalled] == 1);
        await attacked.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Data_for_streams_that_are_over_or_never_were_is_let_by()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendDataAsync(99, YamuxFlags.None, new byte[1000]);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Rst, 77, 0), new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Fin, 55, 9));
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.Ping, YamuxFlags.Syn, 0, 5));
        Assert.Equal(5u, (await peer.ReadFrameAsync(frame => frame.Type == YamuxType.Ping))!.Value.Header.Length);
    }

    [Fact]
    public async Task After_a_go_away_open_streams_finish()
    {
        await using HostileFixture attacked = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(attacked.Address);
        await peer.SendDataAsync(1, YamuxFlags.Syn, EchoProposal);
        await peer.SendFramesAsync(new YamuxHeader(YamuxType.GoAway, YamuxFlags.None, 0, 0));
        await peer.SendDataAsync(1, YamuxFlags.Fin, "still here"u8.ToArray());
        var echoed = new StringBuilder();
        bool ended = false;
        while (!ended)
        {
            (YamuxHeader header, byte[] body) = (await peer.ReadFrameAsync(frame => frame.Stream == 1))!.Value;
            echoed.Append(Encoding.ASCII.GetString(body));
            ended = (header.Flags & YamuxFlags.Fin) != YamuxFlags.None;
        }

        Assert.EndsWith("still here", echoed.ToString(), StringComparison.Ordinal);
        MeshException refused = await Assert.ThrowsAsync<MeshException>(() => attacked.Host.OpenAsync(Blackwall.Mesh.Libp2p.PeerId.From(peer.Key.Public), [EchoProtocol.Name], Cancellation));
        Assert.Contains("no more streams", refused.Message, StringComparison.Ordinal);
    }

    private static Task HearNothingAsync(IMeshStream stream, CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);

    private static byte[] Frame(byte version, byte type, ushort flags, uint stream, uint length)
    {
        byte[] frame = new byte[YamuxHeader.Size];
        frame[0] = version;
        frame[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), flags);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), stream);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), length);
        return frame;
    }
}
