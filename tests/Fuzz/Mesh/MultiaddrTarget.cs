using Blackwall.Mesh.Libp2p;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Multiaddrs in their binary form; what is read is written again, as bytes and as text.</summary>
internal sealed class MultiaddrTarget : IFuzzTarget
{
    public string Name => "mesh-multiaddr";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", "/ip6/2001:db8::1/udp/4001/quic-v1",
            "/dns4/example.org/tcp/443/tls/sni/example.org/ws", "/ip6zone/eth0/ip6/fe80::1/tcp/1",
        }.Select(text => Multiaddr.TryParse(text, out Multiaddr? address) ? address.Bytes.ToArray() : []),
        [0x36, 0xff, 0xff, 0xff, 0xff, 0x0f],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (!Multiaddr.TryDecode(input, out Multiaddr? address))
        {
            return null;
        }

        if (!address.Bytes.SequenceEqual(input))
        {
            return "its bytes are others";
        }

        _ = (address.Tcp, address.Quic, address.Peer, address.WithoutPeer().ToString());
        return Multiaddr.TryParse(address.ToString(), out Multiaddr? again) && again.ToString().Equals(address.ToString(), StringComparison.Ordinal) ? null : $"its text is not read: {address}";
    }
}
