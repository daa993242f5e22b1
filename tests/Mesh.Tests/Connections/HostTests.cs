using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Peer;
using Xunit;

namespace Blackwall.Tests.Mesh.Connections;

public sealed class HostTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _hosts = [];
    private readonly List<PrivateKey> _keys = [];

    private static Multiaddr Local => Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? address) ? address : throw new InvalidOperationException();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable host in _hosts)
        {
            await host.DisposeAsync();
        }

        _keys.ForEach(key => key.Dispose());
    }

    [Fact]
    public async Task A_peer_has_only_so_many_connections_and_the_oldest_goes()
    {
        MeshHost host = Host(new MeshHostOptions { MaxConnectionsPerPeer = 2 });
        MeshHost other = Host(new MeshHostOptions { MaxConnectionsPerPeer = 10 });
        Multiaddr address = await host.ListenAsync(Local, Cancellation);
        List<IMeshConnection> made = [];
        for (int at = 0; at < 5; at++)
        {
            made.Add(await other.DialAsync(address, host.Id, Cancellation));
        }

        await EventuallyAsync(() => other.Connections.Count == 2 && host.Connections.Count == 2);
        Assert.Equal([made[3], made[4]], other.Connections.OrderBy(connection => connection.Number));
        Assert.Equal(3, host.Counters[MeshLoss.PeerOverLimit]);
    }

    [Fact]
    public async Task A_protocol_is_served_to_so_many_streams_of_a_peer_and_a_place_becomes_free_again()
    {
        MeshHost host = Host();
        MeshHost other = Host();
        host.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync, new StreamLimits(PerPeer: 2));
        await other.DialAsync(await host.ListenAsync(Local, Cancellation), host.Id, Cancellation);
        IMeshStream first = await other.OpenAsync(host.Id, [EchoProtocol.Name], Cancellation);
        IMeshStream second = await other.OpenAsync(host.Id, [EchoProtocol.Name], Cancellation);
        await EventuallyAsync(async () => !await EchoesAsync(other, host.Id));
        first.Reset();
        await second.DisposeAsync();
        await EventuallyAsync(() => EchoesAsync(other, host.Id));
        Assert.True(host.Counters[MeshLoss.StreamRefused] > 0);
    }

    [Fact]
    public async Task It_does_not_connect_with_itself()
    {
        MeshHost host = Host();
        Multiaddr address = await host.ListenAsync(Local, Cancellation);
        await Assert.ThrowsAsync<MeshException>(() => host.DialAsync(address.WithPeer(host.Id), expected: null, Cancellation));
        await Assert.ThrowsAsync<MeshException>(() => host.DialAsync(address, expected: null, Cancellation));
        Assert.Empty(host.Connections);
    }

    [Fact]
    public async Task A_port_that_is_taken_and_an_address_without_a_transport_are_named()
    {
        MeshHost host = Host();
        Multiaddr taken = await host.ListenAsync(Local, Cancellation);
        Assert.Contains(taken.ToString(), (await Assert.ThrowsAsync<MeshException>(() => Host().ListenAsync(taken, Cancellation))).Message, StringComparison.Ordinal);
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/1/ws", out Multiaddr? socket));
        Assert.Contains("no transport", (await Assert.ThrowsAsync<MeshException>(() => host.DialAsync(socket, expected: null, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_peer_is_dialled_again_when_it_comes_back()
    {
        MeshHost host = Host();
        MeshHost first = Host();
        Multiaddr address = await first.ListenAsync(Local, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        List<MeshException> problems = [];
        Task keeping = PeerKeeper.KeepAsync(host, address, TimeProvider.System, problems.Add, stop.Token);
        await EventuallyAsync(() => host.Connections.Count == 1);
        await first.DisposeAsync();
        await EventuallyAsync(() => problems.Count > 0);
        MeshHost second = Host();
        await second.ListenAsync(address, Cancellation);
        await EventuallyAsync(() => host.Connections.Any(connection => connection.Remote == second.Id));
        await stop.CancelAsync();
        await keeping;
    }

    [Fact]
    public async Task Where_a_peer_was_reached_is_known_to_the_next_run()
    {
        string folder = Directory.CreateTempSubdirectory("blackwall-host").FullName;
        try
        {
            MeshHostOptions options = new() { PeersFile = Path.Combine(folder, "peers.json") };
            MeshHost other = Host();
            Multiaddr address = await other.ListenAsync(Local, Cancellation);
            MeshHost host = Host(options);
            await host.DialAsync(address, other.Id, Cancellation);
            await host.DisposeAsync();
            PeerAddresses known = Assert.Single(Host(options).Peers.Peers);
            Assert.Equal((other.Id, address), (known.Id, Assert.Single(known.Addresses)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_handler_that_fails_harms_its_stream_alone_and_is_told_of()
    {
        MeshHost host = Host();
        MeshHost other = Host();
        List<Exception> faults = [];
        host.Fault += faults.Add;
        host.Handle("/faulty", (_, _) => throw new ArithmeticException("on purpose"));
        host.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync);
        await other.DialAsync(await host.ListenAsync(Local, Cancellation), host.Id, Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await using IMeshStream stream = await other.OpenAsync(host.Id, ["/faulty"], Cancellation);
            await stream.ReadAsync(new byte[1], Cancellation);
        });
        Assert.True(await EchoesAsync(other, host.Id));
        Assert.Equal("on purpose", Assert.Single(faults).Message);
    }

    private static async Task<bool> EchoesAsync(MeshHost host, PeerId peer)
    {
        try
        {
            await using IMeshStream stream = await host.OpenAsync(peer, [EchoProtocol.Name], Cancellation);
            await stream.WriteAsync("x"u8.ToArray(), Cancellation);
            byte[] got = new byte[1];
            await stream.ReadExactlyAsync(got, Cancellation);
            return got[0] == (byte)'x';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task EventuallyAsync(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "It did not come about within 30 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    private MeshHost Host(MeshHostOptions? options = null)
    {
        var key = PrivateKey.Generate(KeyType.Ed25519);
        _keys.Add(key);
        var host = new MeshHost(key, options);
        _hosts.Add(host);
        return host;
    }
}
