using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Capture.Wire;

/// <summary>
/// Writes pcapng (draft-ietf-opsawg-pcapng), little-endian, one Ethernet interface, time in nanoseconds. Each method writes one whole block and
/// returns its length in bytes; the room has to be there. Pure.
/// </summary>
public static class PcapngWriter
{
    /// <summary>Longest text of a comment in UTF-8 bytes; what is longer is cut.</summary>
    public const int MaxComment = 1024;

    /// <summary>More than a packet block needs beside its frame and comment.</summary>
    public const int PacketOverhead = 64;

    /// <summary>Room for a section with its interface, whatever the comment.</summary>
    public const int MaxHead = 512 + MaxComment;

    private const uint SectionBlock = 0x0a0d0d0a;
    private const uint InterfaceBlock = 1;
    private const uint PacketBlock = 6;
    private const uint ByteOrderMagic = 0x1a2b3c4d;
    private const ushort Ethernet = 1; // LINKTYPE_ETHERNET
    private const ushort EndOfOptions = 0;
    private const ushort Comment = 1;
    private const ushort Application = 4;    // shb_userappl
    private const ushort InterfaceName = 2;  // if_name
    private const ushort Resolution = 9;     // if_tsresol
    private const ushort Flags = 2;          // epb_flags
    private const uint Inbound = 1;
    private const uint Outbound = 2;

    /// <summary>A section header and its one interface: what every file begins with.</summary>
    /// <param name="to">At least <see cref="MaxHead"/> bytes.</param>
    /// <param name="comment">What the file is.</param>
    /// <param name="interfaceName">Where the packets were seen, at most 64 characters.</param>
    /// <param name="snapLength">Bytes kept of each packet at most.</param>
    public static int Head(Span<byte> to, string comment, string interfaceName, int snapLength)
    {
        int at = Begin(to, SectionBlock);
        at += Put(to[at..], ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(to[at..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(to[(at + 2)..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(to[(at + 4)..], -1); // length of the section: read on
        at += 12;
        at += Option(to[at..], Comment, Bytes(comment));
        at += Option(to[at..], Application, "Blackwall"u8);
        at += Put(to[at..], EndOfOptions);
        int section = End(to, at);

        Span<byte> rest = to[section..];
        at = Begin(rest, InterfaceBlock);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[at..], Ethernet);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[(at + 2)..], 0);
        at += 4;
        at += Put(rest[at..], (uint)snapLength);
        at += Option(rest[at..], InterfaceName, Bytes(interfaceName.Length <= 64 ? interfaceName : interfaceName[..64]));
        at += Option(rest[at..], Resolution, [9]);
        at += Put(rest[at..], EndOfOptions);
        return section + End(rest, at);
    }

    /// <summary>One packet.</summary>
    /// <param name="to">At least the frame, the comment and <see cref="PacketOverhead"/> bytes.</param>
    /// <param name="unixNanoseconds">When.</param>
    /// <param name="length">Bytes on the wire.</param>
    /// <param name="outgoing">Which way.</param>
    /// <param name="frame">What is kept.</param>
    /// <param name="comment">UTF-8, at most <see cref="MaxComment"/> bytes; empty: none.</param>
    public static int Packet(Span<byte> to, long unixNanoseconds, int length, bool outgoing, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> comment)
    {
        int at = Begin(to, PacketBlock);
        at += Put(to[at..], 0); // the one interface
        at += Put(to[at..], (uint)((ulong)unixNanoseconds >> 32));
        at += Put(to[at..], (uint)(ulong)unixNanoseconds);
        at += Put(to[at..], (uint)frame.Length);
        at += Put(to[at..], (uint)Math.Max(length, frame.Length));
        frame.CopyTo(to[at..]);
        at = Pad(to, at + frame.Length);
        if (!comment.IsEmpty)
        {
            at += Option(to[at..], Comment, comment.Length <= MaxComment ? comment : comment[..MaxComment]);
        }

        Span<byte> direction = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(direction, outgoing ? Outbound : Inbound);
        at += Option(to[at..], Flags, direction);
        at += Put(to[at..], EndOfOptions);
        return End(to, at);
    }

    /// <summary>
    /// How many bytes of a file that we wrote are whole blocks: one that a crash or a full disk cut ends there. Looks at the length fields alone.
    /// </summary>
    /// <param name="head">The block's first 8 bytes.</param>
    /// <param name="length">Length of the block, when it can be one.</param>
    public static bool TryBlockLength(ReadOnlySpan<byte> head, out int length)
    {
        length = head.Length < 8 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        return length >= 12 && length % 4 == 0;
    }

    private static int Begin(Span<byte> to, uint type)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, type);
        return 8; // the length comes last
    }

    private static int End(Span<byte> to, int at)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to[at..], at + 4);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], at + 4);
        return at + 4;
    }

    private static int Put(Span<byte> to, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, value);
        return 4;
    }

    private static int Option(Span<byte> to, ushort code, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, code);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)value.Length);
        value.CopyTo(to[4..]);
        return Pad(to, 4 + value.Length);
    }

    private static int Pad(Span<byte> to, int at)
    {
        while (at % 4 != 0)
        {
            to[at++] = 0;
        }

        return at;
    }

    private static ReadOnlySpan<byte> Bytes(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.AsSpan(0, Math.Min(bytes.Length, MaxComment));
    }
}
