using System.Buffers.Binary;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>Before the first key exchange.</summary>
internal sealed class PlainSeal : PacketSeal
{
    public override int BlockLength => 8;

    public override int TagLength => 0;

    public override bool LengthAside => false;

    public override uint ReadLength(uint sequence, Span<byte> head) => BinaryPrimitives.ReadUInt32BigEndian(head);

    public override bool Open(uint sequence, Span<byte> packet) => true;

    public override void Seal(uint sequence, Span<byte> packet)
    {
        // Plain text.
    }
}
