using System.Globalization;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Identity;

public sealed class PeerStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-peers").FullName;
    private readonly MeshCounters _counters = new();

    private string File => Path.Combine(_folder, "peers.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Peers_come_back_in_their_order()
    {
        var store = new PeerStore(File, _counters);
        PeerId[] peers = [Peer(), Peer(), Peer()];
        for (int at = 0; at < peers.Length; at++)
        {
            store.Met(peers[at], Address(at));
            store.Met(peers[at], Address(at + 10));
        }

        store.Save();
        var again = new PeerStore(File, _counters);
        Assert.Null(again.Problem);
        Assert.Equal(peers.Reverse(), again.Peers.Select(peer => peer.Id));
        Assert.Equal([Address(12), Address(2)], again.Peers[0].Addresses);
    }

    [Fact]
    public void A_full_store_puts_out_the_peer_not_met_for_longest_and_counts_it()
    {
        var store = new PeerStore(path: null, _counters, maxPeers: 2, maxAddresses: 2);
        PeerId[] peers = [Peer(), Peer(), Peer()];
        store.Met(peers[0], Address(0));
        store.Met(peers[1], Address(1));
        store.Met(peers[0], Address(2));
        store.Met(peers[0], Address(3));
        store.Met(peers[2], Address(4));
        Assert.Equal([peers[2], peers[0]], store.Peers.Select(peer => peer.Id));
        Assert.Equal([Address(3), Address(2)], store.Peers[1].Addresses);
        Assert.Equal(1, _counters[MeshLoss.PeerForgotten]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{\"id\":\"12D3")]
    [InlineData("[{\"id\":\"nobody\",\"addresses\":[]}]")]
    [InlineData("[{\"id\":null,\"addresses\":null}]")]
    [InlineData("[{\"id\":\"12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA\",\"addresses\":[\"nowhere\"]}]")]
    public void A_damaged_file_is_put_aside_and_told_of_and_the_store_works(string text)
    {
        System.IO.File.WriteAllText(File, text);
        var store = new PeerStore(File, _counters);
        Assert.Contains("damaged", store.Problem, StringComparison.Ordinal);
        Assert.Equal(text, System.IO.File.ReadAllText(File + ".damaged"));
        PeerId peer = Peer();
        store.Met(peer, Address(1));
        store.Save();
        Assert.Equal(peer, Assert.Single(new PeerStore(File, _counters).Peers).Id);
    }

    private static PeerId Peer()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        return PeerId.From(key.Public);
    }

    private static Multiaddr Address(int number) =>
        Multiaddr.TryParse(string.Create(CultureInfo.InvariantCulture, $"/ip4/192.0.2.{number}/tcp/4001"), out Multiaddr? address) ? address : throw new ArgumentOutOfRangeException(nameof(number));
}
