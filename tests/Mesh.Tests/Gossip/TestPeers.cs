using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>Peer ids and messages that need no keys: the router never looks at a signature.</summary>
internal static class TestPeers
{
    public static PeerId Id(int number)
    {
        // An Ed25519 key's shape, filled with the number.
        byte[] bytes = [0x00, 36, 0x08, 0x01, 0x12, 32, .. new byte[32]];
        BitConverter.TryWriteBytes(bytes.AsSpan(6), number);
        return PeerId.TryDecode(bytes, out PeerId? id) ? id : throw new InvalidOperationException();
    }

    public static MessageId MessageId(long number) =>
        Blackwall.Mesh.Libp2p.Gossip.Wire.MessageId.TryCreate(BitConverter.GetBytes(number), out MessageId id) ? id : throw new InvalidOperationException();

    public static GossipMessage Message(long number, string topic = "t", int author = -1, int size = 16) =>
        new(MessageId(number), topic, Id(author), (ulong)number, new byte[size + 64], new byte[size]);
}
