using System.Buffers.Binary;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>The header of a Yamux frame: 12 bytes, big-endian, all numbers unsigned. Length is bytes of data, a window's growth, a ping's value or a code.</summary>
internal readonly record struct YamuxHeader(YamuxType Type, YamuxFlags Flags, uint Stream, uint Length)
{
    public const int Size = 12;

    /// <summary>The most bytes that a frame of data may have: the window that every stream begins with. Ours never grows beyond it.</summary>
    public const uint MaxData = 256 * 1024;

    private const YamuxFlags AllFlags = YamuxFlags.Syn | YamuxFlags.Ack | YamuxFlags.Fin | YamuxFlags.Rst;

    /// <summary>Null where the header is valid, else what is wrong with it. <paramref name="bytes"/> has <see cref="Size"/> bytes.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes, out YamuxHeader header)
    {
        header = new YamuxHeader((YamuxType)bytes[1], (YamuxFlags)BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
        if (bytes[0] != 0)
        {
            return "a version other than 0";
        }

        if (header.Type > YamuxType.GoAway || (header.Flags & ~AllFlags) != YamuxFlags.None)
        {
            return "an unknown frame type or flag";
        }

        bool ofSession = header.Type is YamuxType.Ping or YamuxType.GoAway;
        if (ofSession != (header.Stream == 0))
        {
            return ofSession ? "a ping or go-away on a stream" : "data or a window on stream 0";
        }

        return header is { Type: YamuxType.Data, Length: > MaxData } ? "more data than any window" : null;
    }

    public void Write(Span<byte> output)
    {
        output[0] = 0;
        output[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)Flags);
        BinaryPrimitives.WriteUInt32BigEndian(output[4..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(output[8..], Length);
    }
}
