using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Kad.Wire;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Messages of Kademlia, and the answers to them.</summary>
internal sealed class KadTarget : IFuzzTarget
{
    private static readonly PrivateKey Key = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly PeerId Id = PeerId.From(Key.Public);
    private static readonly PeerAddresses Peer = new(Id, Multiaddr.TryParse("/ip4/192.0.2.1/tcp/4001", out Multiaddr? address) ? [address] : []);

    private readonly KadNode _node = new(Id, new KadOptions(), new KadCounters());

    public string Name => "mesh-kad";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        KadCodec.Write(new KadPacket(KadRequestKind.FindNode, Id.Bytes.ToArray(), null, [Peer, Peer], [])),
        KadCodec.Write(new KadPacket(KadRequestKind.PutValue, "/blackwall/x"u8.ToArray(), new KadRecord("/blackwall/x"u8.ToArray(), [1, 2, 3], "2026-01-01T00:00:00Z"), [], [])),
        KadCodec.Write(new KadPacket(KadRequestKind.GetProviders, [1, 2, 3], null, [], [])),
        KadCodec.Write(new KadPacket(KadRequestKind.AddProvider, [1, 2, 3], null, [], [Peer])),
        KadCodec.Write(new KadPacket(KadRequestKind.Ping, [], null, [], [])),
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (KadCodec.TryRead(input) is not { } packet)
        {
            return null;
        }

        if (packet.Closer.Count > KadCodec.MaxPeers || packet.Providers.Count > KadCodec.MaxPeers || packet.Key.Length > KadCodec.MaxKey || packet.Record?.Value.Length > KadCodec.MaxValue)
        {
            return "more was taken than is allowed";
        }

        KadPacket? answer = _node.Answer(Id, packet, _ => null, () => Peer, DateTimeOffset.UnixEpoch, out bool refused);
        return refused && answer is not null ? "refused and answered"
            : answer is not null && KadCodec.TryRead(KadCodec.Write(answer)) is null ? "an answer that we would not read"
            : null;
    }
}
