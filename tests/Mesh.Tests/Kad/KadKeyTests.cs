using System.Security.Cryptography;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad.Routing;
using Blackwall.Tests.Mesh.Gossip;
using Xunit;

namespace Blackwall.Tests.Mesh.Kad;

/// <summary>Distances.</summary>
public sealed class KadKeyTests
{
    [Fact]
    public void A_peers_place_is_the_sha256_of_its_binary_id_and_not_of_its_key_or_text()
    {
        PeerId peer = TestPeers.Id(7);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(peer.Bytes)), KadKey.From(peer).ToString());
    }

    [Fact]
    public void Distance_is_exclusive_or_read_from_the_first_byte()
    {
        // SHA-256 of "a" and "b", by any other implementation.
        KadKey a = KadKey.From("a"u8);
        KadKey b = KadKey.From("b"u8);
        Assert.Equal("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", a.ToString());
        Assert.Equal("3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d", b.ToString());
        Assert.Equal("f4b46904ca22e480c94b7ed6fec26d792c3b95f89ca8623872f3992b7a724826", a.DistanceTo(b).ToString());
        Assert.Equal(0, a.CommonPrefix(b));
        Assert.Equal(256, a.CommonPrefix(a));
        Assert.True(a.DistanceTo(a) < a.DistanceTo(b));
    }

    [Fact]
    public void The_closest_of_many_are_those_that_sorting_all_hashes_gives()
    {
        PeerId[] peers = [.. Enumerable.Range(0, 300).Select(TestPeers.Id)];
        byte[] target = SHA256.HashData("target"u8);
        IEnumerable<PeerId> expected = peers.OrderBy(peer => Convert.ToHexString([.. SHA256.HashData(peer.Bytes).Zip(target, (x, y) => (byte)(x ^ y))]), StringComparer.Ordinal);
        KadKey key = KadKey.From("target"u8);
        Assert.Equal(expected, peers.OrderBy(peer => KadKey.From(peer).DistanceTo(key)));
    }
}
