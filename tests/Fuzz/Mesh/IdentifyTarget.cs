using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Identify messages with their signed peer record.</summary>
internal sealed class IdentifyTarget : IFuzzTarget
{
    private static readonly PrivateKey Key = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly PeerId Id = PeerId.From(Key.Public);

    public string Name => "mesh-identify";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        IdentifyCodec.Write(Key.Public, new PeerInfo(Id, ["/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"], Addresses(), "agent", "ipfs/0.1.0", Addresses()[0]), new PeerRecord(Id, 7, Addresses()).Seal(Key)),
        IdentifyCodec.Write(Key.Public, new PeerInfo(Id, [], [], "", "", ObservedAddress: null), new PeerRecord(Id, ulong.MaxValue, Addresses()).Seal(Key)),
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        byte[] message = input.ToArray();
        PeerInfo? read = IdentifyCodec.TryRead([message], Key.Public, before: null, out string? error);
        if (read is null)
        {
            return error is null ? "refused without a reason" : null;
        }

        if (read.Id != Id || read.Protocols.Count > 256 || read.ListenAddresses.Count > 64 || read.AgentVersion.Any(char.IsControl))
        {
            return "more was taken than is allowed";
        }

        return IdentifyCodec.TryRead([message], Key.Public, read, out error) is null ? "refused the second time" : null;
    }

    private static Multiaddr[] Addresses() => Multiaddr.TryParse("/ip4/192.0.2.1/tcp/4001", out Multiaddr? address) ? [address] : [];
}
