using System.Net;
using Blackwall.Mesh.Libp2p;
using Xunit;

namespace Blackwall.Tests.Mesh.Keys;

public sealed class MultiaddrTests
{
    private const string Id = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

    [Theory]
    [InlineData("/ip4/192.0.2.1/tcp/4001")]
    [InlineData("/ip6/2001:db8::1/tcp/1/p2p/" + Id)]
    [InlineData("/ip4/192.0.2.1/udp/4001/quic-v1")]
    [InlineData("/dns4/example.org/tcp/443/tls/sni/example.org/ws")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/" + Id + "/p2p-circuit")]
    public void Text_and_bytes_are_the_same_address(string text)
    {
        Assert.True(Multiaddr.TryParse(text, out Multiaddr? address));
        Assert.Equal(text, address.ToString());
        Assert.True(Multiaddr.TryDecode(address.Bytes, out Multiaddr? decoded));
        Assert.Equal((address, text), (decoded, decoded.ToString()));
    }

    [Fact]
    public void The_known_bytes_are_read()
    {
        Assert.True(Multiaddr.TryDecode(Convert.FromHexString("04c0000201060fa1"), out Multiaddr? address));
        Assert.Equal("/ip4/192.0.2.1/tcp/4001", address.ToString());
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 4001), address.Tcp);
        Assert.Null(address.Quic);
    }

    [Fact]
    public void A_peer_is_put_on_replaced_and_taken_off()
    {
        Assert.True(Multiaddr.TryParse("/ip4/192.0.2.1/tcp/4001", out Multiaddr? address));
        Assert.True(PeerId.TryParse(Id, out PeerId? id));
        Assert.Equal(id, address.WithPeer(id).WithPeer(id).Peer);
        Assert.Equal(address, address.WithPeer(id).WithoutPeer());
        Assert.Equal(address.Tcp, address.WithPeer(id).Tcp);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("ip4/192.0.2.1")]
    [InlineData("/ip4/192.0.2.1/tcp")]
    [InlineData("/ip4/192.0.2/tcp/1")]
    [InlineData("/ip4/192.0.2.1/tcp/65536")]
    [InlineData("/ip4/192.0.2.1/tcp/-1")]
    [InlineData("/ip6/192.0.2.1/tcp/1")]
    [InlineData("/nothing/1")]
    [InlineData("/ip4/192.0.2.1/tcp/1/p2p/12D3")]
    public void What_is_no_address_is_refused(string text) => Assert.False(Multiaddr.TryParse(text, out _));

    [Theory]
    [InlineData("04c00002")]
    [InlineData("04c0000201060f")]
    [InlineData("8400c0000201")]
    [InlineData("36ffffffffffffffff7f")]
    [InlineData("3600")]
    [InlineData("3602c3c3")]
    [InlineData("7f01")]
    [InlineData("a503021200")]
    public void Damaged_bytes_are_refused(string hex) => Assert.False(Multiaddr.TryDecode(Convert.FromHexString(hex), out _));
}
