using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Signed envelopes with peer records: no change of them holds.</summary>
internal sealed class PeerRecordTarget : IFuzzTarget
{
    private static readonly PrivateKey Key = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly PeerId Id = PeerId.From(Key.Public);

    public string Name => "mesh-peer-record";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        new PeerRecord(Id, 42, Multiaddr.TryParse("/ip4/192.0.2.1/tcp/4001", out Multiaddr? address) ? [address] : []).Seal(Key),
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input) =>
        PeerRecord.TryOpen(input) is { } opened && (opened.Id != Id || opened.Sequence != 42 || opened.Addresses.Count != 1) ? "a forged record is taken" : null;
}
