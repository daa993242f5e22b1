using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Peer;
using Xunit;

namespace Blackwall.Tests.Mesh.Peer;

public sealed class PeerOptionsTests
{
    [Fact]
    public void Every_option_is_understood_and_lists_grow()
    {
        PeerOptions options = PeerOptions.TryParse(
            [
                "--listen", "/ip4/127.0.0.1/tcp/0", "--listen=/ip6/::1/tcp/0", "--dial", "/ip4/127.0.0.1/tcp/1", "--dial", "/dns4/example.org/tcp/2",
                "--key-type", "RSA", "--identity", "id", "--topic", "a", "--topic=b=c", "--echo", "--message-id", "spec", "--kad-prefix", "/x/kad/1.0.0",
                "--max-message", "1048576", "--mdns",
            ],
            out string? error)!;
        Assert.Null(error);
        Assert.Equal(["/ip4/127.0.0.1/tcp/0", "/ip6/::1/tcp/0"], options.Listen.Select(address => address.ToString()));
        Assert.Equal(["/ip4/127.0.0.1/tcp/1", "/dns4/example.org/tcp/2"], options.Dial.Select(address => address.ToString()));
        Assert.Equal((KeyType.Rsa, "id", true, true, "/x/kad/1.0.0", 1_048_576, true), (options.KeyType, options.Identity, options.Echo, options.SpecMessageId, options.KadPrefix, options.MaxMessage, options.Mdns));
        Assert.Equal(["a", "b=c"], options.Topics);
    }

    [Fact]
    public void Without_a_place_to_listen_it_is_any_port_of_loopback() =>
        Assert.Equal(["/ip4/127.0.0.1/tcp/0"], PeerOptions.TryParse([], out _)!.Listen.Select(address => address.ToString()));

    [Theory]
    [InlineData("--listen", "127.0.0.1:1")]
    [InlineData("--dial", "/ip4/1/tcp/1")]
    [InlineData("--dial", "/ip4/127.0.0.1/udp/1")]
    [InlineData("--dial", "/ip4/127.0.0.1/tcp/1/ws")]
    [InlineData("--dial", "/dnsaddr/example.org")]
    [InlineData("--dial", "/ip4/127.0.0.1")]
    [InlineData("--dial", "/p2p/12D3KooWLbap9GGvyXxL73svH1MNFZ3XgvTuTd3W8YwUvHkAomCs")]
    [InlineData("--listen", "/dns4/example.org/tcp/1")]
    [InlineData("--key-type", "dsa")]
    [InlineData("--message-id", "md5")]
    [InlineData("--kad-prefix", "x")]
    [InlineData("--max-message", "0")]
    [InlineData("--max-message", "1048577")]
    [InlineData("--max-message", "x")]
    [InlineData("--topic", "")]
    [InlineData("--topics", "x")]
    [InlineData("--echo=1", "x")]
    public void What_is_not_understood_is_named(string name, string value)
    {
        Assert.Null(PeerOptions.TryParse([name, value], out string? error));
        Assert.Contains(name.Split('=')[0], error, StringComparison.Ordinal);
        Assert.Null(PeerOptions.TryParse([name.Split('=')[0] is "--echo" ? "--topic" : name], out error));
        Assert.NotNull(error);
    }
}
