using System.Buffers.Binary;

namespace Blackwall.Tarpit.HostChannel.Wire;

/// <summary>
/// One message of the channel: version (1 byte), kind (1 byte), session (6 bytes, network order; 0: none), payload. The socket keeps messages apart.
/// </summary>
public readonly ref struct Frame
{
    public const byte Version = 1;
    public const int HeadLength = 8;
    public const int LargestPayload = 32 * 1024;

    private const long LargestSession = (1L << 48) - 1;

    public Frame(FrameKind kind, long session, ReadOnlySpan<byte> payload)
    {
        Kind = kind;
        Session = session & LargestSession;
        Payload = payload;
    }

    public FrameKind Kind { get; }

    /// <summary>48 bits.</summary>
    public long Session { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>False: it is too short, too long, of another version or of no kind.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out Frame frame)
    {
        frame = default;
        if (message.Length is < HeadLength or > HeadLength + LargestPayload || message[0] != Version
            || message[1] is not (>= (byte)FrameKind.Configure and <= (byte)FrameKind.VisitorAnswer) and not (>= (byte)FrameKind.Ready and <= (byte)FrameKind.VisitorQuestion))
        {
            return false;
        }

        long session = ((long)BinaryPrimitives.ReadUInt16BigEndian(message[2..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
        frame = new Frame((FrameKind)message[1], session, message[HeadLength..]);
        return true;
    }

    public byte[] ToArray()
    {
        byte[] message = new byte[HeadLength + Payload.Length];
        (message[0], message[1]) = (Version, (byte)Kind);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(Session >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), (uint)Session);
        Payload.CopyTo(message.AsSpan(HeadLength));
        return message;
    }
}
