using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Peer;
using Blackwall.Tests.Mesh.Gossip;
using Blackwall.Tests.Mesh.Hostile;
using Xunit;

namespace Blackwall.Tests.Mesh.Peer;

public sealed class NearbyPeersTests : IAsyncDisposable
{
    private readonly List<(MeshHost Host, NearbyPeers Nearby, PrivateKey Key, Task Running)> _peers = [];
    private readonly CancellationTokenSource _stop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach ((MeshHost host, NearbyPeers nearby, PrivateKey key, Task running) in _peers)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            nearby.Dispose();
            await host.DisposeAsync();
            key.Dispose();
        }

        _stop.Dispose();
    }

    [Fact]
    public async Task Peers_that_do_not_answer_do_not_keep_the_others_waiting_for_long()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(64);
        Multiaddr nowhere = Multiaddr.OfTcp((IPEndPoint)silent.LocalEndpoint);
        (MeshHost host, NearbyPeers nearby) = await StartAsync();
        (MeshHost other, _) = await StartAsync();
        for (int n = 0; n < 12; n++)
        {
            nearby.Add(new PeerAddresses(TestPeers.Id(n), [nowhere]));
        }

        nearby.Add(new PeerAddresses(other.Id, other.Addresses));
        await HostileFixture.EventuallyAsync(() => host.Connections.Any(connection => connection.Remote == other.Id));
    }

    [Fact]
    public async Task More_than_there_is_room_for_are_counted_and_the_same_waits_once()
    {
        (_, NearbyPeers nearby) = await StartAsync(running: false);
        for (int n = 0; n < 300; n++)
        {
            nearby.Add(new PeerAddresses(TestPeers.Id(n % 260), []));
        }

        // 256 wait; the last 4 of 260 found no room, and the first 40 came twice.
        Assert.Equal(4, nearby.Dropped);
    }

    [Fact]
    public async Task A_peer_that_comes_back_is_dialled_again()
    {
        (MeshHost host, NearbyPeers nearby) = await StartAsync();
        (MeshHost other, _) = await StartAsync();
        PeerAddresses found = new(other.Id, other.Addresses);
        for (int time = 0; time < 2; time++)
        {
            nearby.Add(found);
            await HostileFixture.EventuallyAsync(() => host.Connections.Count == 1);
            await host.DisconnectAsync(other.Id);
            await HostileFixture.EventuallyAsync(() => host.Connections.Count == 0 && other.Connections.Count == 0);
        }
    }

    [Fact]
    public async Task Two_that_find_each_other_keep_one_connection()
    {
        (MeshHost one, NearbyPeers nearOne) = await StartAsync();
        (MeshHost two, NearbyPeers nearTwo) = await StartAsync();

        // The second connection is made by hand, so that there are two whatever the order of events is.
        MeshHost lower = one.Id.Bytes.SequenceCompareTo(two.Id.Bytes) < 0 ? one : two;
        MeshHost higher = ReferenceEquals(lower, one) ? two : one;
        (ReferenceEquals(higher, one) ? nearOne : nearTwo).Add(new PeerAddresses(lower.Id, lower.Addresses));
        await HostileFixture.EventuallyAsync(() => higher.Connections.Count == 1 && lower.Connections.Count == 1);
        await lower.DialAsync(higher.Addresses[0], higher.Id, Cancellation);
        await HostileFixture.EventuallyAsync(() => lower.Connections is [{ Outbound: true }] && higher.Connections is [{ Outbound: false }]);
    }

    private async Task<(MeshHost Host, NearbyPeers Nearby)> StartAsync(bool running = true)
    {
        var key = PrivateKey.Generate(KeyType.Ed25519);
        var host = new MeshHost(key);
        var nearby = new NearbyPeers(host);
        _peers.Add((host, nearby, key, running ? nearby.ConnectAsync(_stop.Token) : Task.CompletedTask));
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local));
        await host.ListenAsync(local, Cancellation);
        return (host, nearby);
    }
}
