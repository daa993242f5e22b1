using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Keys;

public sealed class PeerIdTests
{
    [Theory]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA")]
    [InlineData("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")]
    public void Both_text_forms_name_the_same_peer(string text)
    {
        Assert.True(PeerId.TryParse(text, out PeerId? id));
        Assert.Equal(text, id.ToString());
        Assert.True(PeerId.TryParse(id.ToCid(), out PeerId? same));
        Assert.Equal(id, same);
        Assert.True(PeerId.TryDecode(id.Bytes, out PeerId? decoded));
        Assert.Equal(id, decoded);
    }

    [Theory]
    [InlineData("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe", "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")]
    [InlineData("k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs", "12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV")]
    public void A_cid_in_any_base_is_read(string cid, string expected)
    {
        Assert.True(PeerId.TryParse(cid, out PeerId? id));
        Assert.Equal(expected, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Q")]
    [InlineData("Qm")]
    [InlineData("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S0")]
    [InlineData("bafybeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe")]
    [InlineData("b!!!!")]
    public void What_is_no_peer_id_is_refused(string text) => Assert.False(PeerId.TryParse(text, out _));

    [Fact]
    public void A_short_key_is_its_own_id_and_a_long_one_is_hashed()
    {
        using var small = PrivateKey.Generate(KeyType.Secp256k1);
        using var large = PrivateKey.Generate(KeyType.Rsa);
        Assert.Equal(small.Public, PeerId.From(small.Public).TryGetKey());
        Assert.Null(PeerId.From(large.Public).TryGetKey());
        Assert.StartsWith("Qm", PeerId.From(large.Public).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("16Uiu2HA", PeerId.From(small.Public).ToString(), StringComparison.Ordinal);
    }
}
