using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Mdns;
using Blackwall.Mesh.Libp2p.Mdns.Wire;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Packets of mDNS, and the peers in them.</summary>
internal sealed class MdnsTarget : IFuzzTarget
{
    private const string Service = "_p2p._udp.local";

    private static readonly PrivateKey Key = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly string Address = $"/ip4/192.0.2.1/tcp/4001/p2p/{PeerId.From(Key.Public)}";

    private readonly MdnsOptions _options = new() { Peers = 64 };
    private static readonly System.Net.IPAddress Sender = System.Net.IPAddress.Parse("192.0.2.1");
    private readonly MdnsPeers _peers;

    public MdnsTarget() => _peers = new MdnsPeers(PeerId.From(Key.Public), _options, TimeProvider.System);

    public string Name => "mesh-mdns";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        MdnsWriter.Question(Service),
        MdnsWriter.Answer(7, Service, "label", [Address, Address]),
        [0, 0, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, 4, .. "_p2p"u8, 4, .. "_udp"u8, 5, .. "local"u8, 0, 0, 12, 0, 1, 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 4, 1, (byte)'x', 0xc0, 12],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (MdnsReader.TryRead(input) is not { } packet)
        {
            return null;
        }

        _peers.Add(packet, Sender);
        return packet.Questions.Count + packet.Records.Count > MdnsReader.MaxEntries ? "more entries than allowed"
            : packet.Records.Any(record => record.Name.Length > 255 || record.Target.Length > 255 || record.Texts.Count > MdnsReader.MaxTexts) ? "a name or text over its limit"
            : _peers.Count > _options.Peers ? "more peers remembered than allowed"
            : null;
    }
}
