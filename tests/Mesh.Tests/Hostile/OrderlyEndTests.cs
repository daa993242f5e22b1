using System.Net.Sockets;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Wire;
using Xunit;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>How our end looks from the other side, and that nobody keeps us from it.</summary>
public sealed class OrderlyEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_other_side_reads_a_go_away_and_an_end_although_it_still_sends()
    {
        await using HostileFixture fixture = await HostileFixture.StartAsync();
        await using RawPeer peer = await RawPeer.UpgradedAsync(fixture.Address);
        await HostileFixture.EventuallyAsync(() => fixture.Host.Connections.Count == 1);

        // It sends on and on, so that there is always something unread when we close.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task sending = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await peer.SendFramesAsync(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.None, 99, 1));
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
                }
            },
            CancellationToken.None);
        Task closing = fixture.Host.DisconnectAsync(fixture.Host.Connections[0].Remote);
        Assert.NotNull(await peer.ReadFrameAsync(frame => frame.Type is YamuxType.GoAway && frame.Length == 0));

        // A reset would throw.
        byte[] rest = new byte[1024];
        while (await peer.Socket.ReceiveAsync(rest, SocketFlags.None, Cancellation) > 0)
        {
            // What it said last.
        }

        await stop.CancelAsync();
        await sending;
        await closing;
    }

    [Fact]
    public async Task Two_of_ours_tell_the_same_story_of_an_end()
    {
        await using HostileFixture fixture = await HostileFixture.StartAsync();
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Honest.Disconnected += (_, reason) => told.TrySetResult(reason);
        await fixture.Honest.DialAsync(fixture.Address, fixture.Host.Id, Cancellation);
        await HostileFixture.EventuallyAsync(() => fixture.Host.Connections.Count == 1);
        await fixture.Host.DisposeAsync();
        Assert.Equal("closed by the other side", await told.Task.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Peers_that_read_nothing_do_not_keep_it_from_ending()
    {
        await using HostileFixture fixture = await HostileFixture.StartAsync();
        List<RawPeer> peers = [];
        for (int n = 0; n < 3; n++)
        {
            peers.Add(await RawPeer.UpgradedAsync(fixture.Address));
        }

        await HostileFixture.EventuallyAsync(() => fixture.Host.Connections.Count == 3);
        IMeshStream stream = await OpenToAsync(fixture, peers[0]);
        Task filling = Task.Run(
            async () =>
            {
                await Assert.ThrowsAnyAsync<IOException>(async () =>
                {
                    while (true)
                    {
                        await stream.WriteAsync(new byte[64 * 1024], CancellationToken.None);
                    }
                });
            },
            CancellationToken.None);

        // Ends at all: the queue of the first is full, and nobody answers.
        await fixture.Host.DisposeAsync();
        await filling;
        Assert.Empty(fixture.Host.Connections);
        foreach (RawPeer peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    // The raw peer takes whatever protocol is proposed, gives a large window and reads nothing from then on.
    private static async Task<IMeshStream> OpenToAsync(HostileFixture fixture, RawPeer peer)
    {
        Task<IMeshStream> opening = fixture.Host.OpenAsync(PeerId.From(peer.Key.Public), ["/x"], Cancellation);
        uint id = 0;
        while (!opening.IsCompleted)
        {
            if (await peer.ReadFrameAsync(frame => frame.Type is YamuxType.Data && frame.Length > 0) is not ({ } header, { } body))
            {
                break;
            }

            // The first stream is identify's question; ours proposes /x.
            if (id == 0 && System.Text.Encoding.UTF8.GetString(body).Contains("/x\n", StringComparison.Ordinal))
            {
                id = header.Stream;
                await peer.SendDataAsync(id, YamuxFlags.Ack, [.. MultistreamLine.Encode(MultistreamLine.Hello, "/x")]);
                await peer.SendFramesAsync(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.None, id, 64 * 1024 * 1024));
                break;
            }
        }

        return await opening;
    }
}
