using System.Buffers.Binary;

namespace Blackwall.Replay.Wire;

/// <summary>Finds the network packet behind a link header, for the link types that carry IP (www.tcpdump.org/linktypes.html).</summary>
public static class LinkLayer
{
    public const int EthernetBytes = 14;

    private const ushort Ipv4 = 0x0800;
    private const ushort Ipv6 = 0x86dd;
    private const ushort PppoeSession = 0x8864;

    // Six of PPPoE, two of PPP's protocol.
    private const int PppoeBytes = 8;

    /// <summary>Whether packets of this link type are understood.</summary>
    public static bool Knows(uint linkType) => linkType is 0 or 1 or 12 or 14 or 101 or 108 or 113 or 228 or 229 or 276;

    /// <summary>Bytes before the network packet, and its EtherType. False: the link header is not whole, or the link type unknown.</summary>
    /// <param name="linkType">LINKTYPE_*.</param>
    /// <param name="packet">From the link header on.</param>
    /// <param name="headerBytes">0 for an Ethernet frame, which is taken as it is.</param>
    /// <param name="etherType">Of what follows; 0xffff when no number says it. Meaningless for Ethernet.</param>
    public static bool TryLocate(uint linkType, ReadOnlySpan<byte> packet, out int headerBytes, out ushort etherType)
    {
        etherType = 0;
        headerBytes = linkType switch
        {
            0 or 108 => 4,
            113 => 16,
            276 => 20,
            _ => 0,
        };
        int needed = linkType == 1 ? EthernetBytes : Math.Max(1, headerBytes);
        if (!Knows(linkType) || packet.Length < needed)
        {
            return false;
        }

        etherType = linkType switch
        {
            // The family is a number of the machine that captured: 2 everywhere for IPv4; 10, 24, 28 and 30 for IPv6. Small, so either order shows.
            0 or 108 => (packet[0] | packet[3]) switch
            {
                2 => Ipv4,
                10 or 24 or 28 or 30 => Ipv6,
                _ => ushort.MaxValue,
            },
            113 => BinaryPrimitives.ReadUInt16BigEndian(packet[14..]),
            276 => BinaryPrimitives.ReadUInt16BigEndian(packet),
            228 => Ipv4,
            229 => Ipv6,
            1 => BinaryPrimitives.ReadUInt16BigEndian(packet[12..]),
            _ => (packet[0] >> 4) switch
            {
                4 => Ipv4,
                6 => Ipv6,
                _ => ushort.MaxValue,
            },
        };
        return true;
    }

    /// <summary>
    /// The network packet in an Ethernet frame, behind up to two VLAN tags and in a PPPoE session (RFC 2516 §4, RFC 1661 §2). False: the frame ends before it.
    /// </summary>
    /// <param name="frame">From its destination on.</param>
    /// <param name="packet">What follows the type.</param>
    /// <param name="etherType">Its type.</param>
    public static bool TryNetwork(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> packet, out ushort etherType)
    {
        packet = default;
        etherType = 0;
        int at = 12;
        for (int tags = 0; tags <= 2; tags++, at += 4)
        {
            if (frame.Length < at + 2)
            {
                return false;
            }

            etherType = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
            if (etherType is not (0x8100 or 0x88a8 or 0x9100))
            {
                break;
            }
        }

        packet = frame[Math.Min(frame.Length, at + 2)..];
        if (etherType == PppoeSession && packet.Length >= PppoeBytes && packet[1] == 0)
        {
            // An odd first byte is the whole protocol (RFC 1661 §6.5).
            bool isShort = (packet[PppoeBytes - 2] & 1) != 0;
            int protocol = isShort ? packet[PppoeBytes - 2] : BinaryPrimitives.ReadUInt16BigEndian(packet[(PppoeBytes - 2)..]);
            if (protocol is 0x0021 or 0x0057)
            {
                etherType = protocol == 0x0021 ? Ipv4 : Ipv6;
                packet = packet[(isShort ? PppoeBytes - 1 : PppoeBytes)..];
            }
        }

        return true;
    }

    /// <summary>Writes an Ethernet header of locally administered addresses (IEEE 802 §8.2.2).</summary>
    public static void WriteEthernet(Span<byte> frame, ushort etherType)
    {
        ReadOnlySpan<byte> addresses = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        addresses.CopyTo(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], etherType);
    }
}
