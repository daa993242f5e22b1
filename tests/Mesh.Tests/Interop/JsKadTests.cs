using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>Kademlia with js-libp2p, under a protocol of our own.</summary>
public sealed class JsKadTests
{
    private const string Protocol = "/blackwall/kad/1.0.0";

    private static readonly Multiaddr s_local = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? address) ? address : null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Js_finds_a_peer_through_us_and_we_find_one_through_js()
    {
        await using JsPeer first = await JsPeer.StartAsync(new { kad = Protocol });
        await using JsPeer second = await JsPeer.StartAsync(new { kad = Protocol });
        await using KadHost hub = await KadHost.StartAsync();
        await first.AskAsync("dial", new { address = hub.Address.ToString() });
        await second.AskAsync("dial", new { address = hub.Address.ToString() });
        await hub.KnowsAsync(2);

        JsonObject found = await FindAsync(first, second.Id);
        Assert.Equal(second.Id.ToString(), found["peer"]!.GetValue<string>());
        Assert.Contains(found["addresses"]!.AsArray(), address => address!.GetValue<string>().StartsWith(second.Address.WithoutPeer().ToString(), StringComparison.Ordinal));

        JsonArray closest = (await first.AskAsync("closest", new { peer = second.Id.ToString() }))["peers"]!.AsArray();
        Assert.Contains(closest, peer => string.Equals(peer!["id"]!.GetValue<string>(), second.Id.ToString(), StringComparison.Ordinal));
        Assert.Contains(closest, peer => string.Equals(peer!["id"]!.GetValue<string>(), hub.Host.Id.ToString(), StringComparison.Ordinal));

        // One of ours that knows only the first js peer finds the second.
        await using KadHost far = await KadHost.StartAsync();
        await far.Host.DialAsync(first.Address, expected: null, Cancellation);
        await far.KnowsAsync(1);
        PeerAddresses? peer = await far.Kad.FindPeerAsync(second.Id, Cancellation);
        Assert.Contains(second.Address.WithoutPeer(), peer!.Addresses);
        IReadOnlyList<PeerAddresses> near = await far.Kad.ClosestAsync(second.Id.Bytes.ToArray(), Cancellation);
        Assert.Equal(second.Id, near[0].Id);
        Assert.Contains(near, p => p.Id == hub.Host.Id);
    }

    [Fact]
    public async Task A_client_does_not_tell_that_it_knows_the_protocol_and_is_in_no_table()
    {
        await using JsPeer js = await JsPeer.StartAsync(new { kad = Protocol });
        await using KadHost client = await KadHost.StartAsync(new KadOptions { Server = false });
        await using KadHost server = await KadHost.StartAsync();
        await client.Host.DialAsync(js.Address, expected: null, Cancellation);
        await server.Host.DialAsync(js.Address, expected: null, Cancellation);
        await client.KnowsAsync(1);
        await server.KnowsAsync(1);
        JsonObject seen = await js.EventAsync("identify", told => string.Equals(told["peer"]!.GetValue<string>(), client.Host.Id.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(seen["protocols"]!.AsArray(), protocol => protocol!.GetValue<string>() is Protocol);
        seen = await js.EventAsync("identify", told => string.Equals(told["peer"]!.GetValue<string>(), server.Host.Id.ToString(), StringComparison.Ordinal));
        Assert.Contains(seen["protocols"]!.AsArray(), protocol => protocol!.GetValue<string>() is Protocol);

        // It asks all the same.
        Assert.Contains(await client.Kad.ClosestAsync(js.Id.Bytes.ToArray(), Cancellation), peer => peer.Id == js.Id);
    }

    [Fact]
    public async Task Values_and_providers_are_found_by_others_of_ours()
    {
        await using KadHost hub = await KadHost.StartAsync();
        await using KadHost one = await KadHost.StartAsync();
        await using KadHost two = await KadHost.StartAsync();
        await one.Host.DialAsync(hub.Address, expected: null, Cancellation);
        await two.Host.DialAsync(hub.Address, expected: null, Cancellation);
        await hub.KnowsAsync(2);
        await one.KnowsAsync(1);
        await two.KnowsAsync(1);
        Assert.True(await one.Kad.PutValueAsync("/blackwall/org/x", "value"u8.ToArray(), Cancellation) >= 1);
        Assert.Equal("value", Encoding.UTF8.GetString((await two.Kad.GetValueAsync("/blackwall/org/x", Cancellation))!.Value.Span));
        Assert.Null(await two.Kad.GetValueAsync("/blackwall/org/y", Cancellation));
        await Assert.ThrowsAsync<MeshException>(() => one.Kad.PutValueAsync("/ipns/x", "value"u8.ToArray(), Cancellation));

        byte[] key = [1, 2, 3];
        Assert.True(await one.Kad.ProvideAsync(key, Cancellation) >= 1);
        PeerAddresses provider = Assert.Single(await two.Kad.ProvidersAsync(key, Cancellation), peer => peer.Id == one.Host.Id);
        Assert.Contains(one.Address.WithoutPeer(), provider.Addresses);
    }

    // js takes a peer into its table some time after it is connected: until then it has nobody to ask.
    private static async Task<JsonObject> FindAsync(JsPeer js, PeerId peer)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                return await js.AskAsync("findPeer", new { peer = peer.ToString() });
            }
            catch (InvalidOperationException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation);
            }
        }
    }

    private sealed class KadHost : IAsyncDisposable
    {
        private readonly PrivateKey _key = PrivateKey.Generate(KeyType.Ed25519);

        private KadHost(KadOptions options)
        {
            Host = new MeshHost(_key);
            Kad = new KadService(Host, options, TimeProvider.System);
            Kad.Start();
        }

        public MeshHost Host { get; }

        public KadService Kad { get; }

        public Multiaddr Address { get; private set; } = null!;

        public static async Task<KadHost> StartAsync(KadOptions? options = null)
        {
            KadHost host = new(options ?? new KadOptions());
            host.Address = (await host.Host.ListenAsync(s_local, Cancellation)).WithPeer(host.Host.Id);
            return host;
        }

        public async Task KnowsAsync(int peers)
        {
            while (Kad.Known < peers)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Kad.DisposeAsync();
            await Host.DisposeAsync();
            _key.Dispose();
        }
    }
}
