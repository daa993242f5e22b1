using System.Buffers.Binary;
using System.Net.Sockets;
using Blackwall.Pipeline.Model;

namespace Blackwall.Capture.Wire;

/// <summary>Who speaks to whom in an Ethernet frame. Pure; hostile bytes give nothing or something wrong, never an exception.</summary>
/// <param name="Source">Of the IP header.</param>
/// <param name="Destination">Of the IP header.</param>
/// <param name="DestinationPort">TCP or UDP; null: not to be seen without reading on.</param>
/// <param name="IsControl">ICMP or ICMPv6 (RFC 792, RFC 4443).</param>
public readonly record struct FrameEnds(Address Source, Address Destination, ushort? DestinationPort, bool IsControl)
{
    private const int TagsMax = 2;
    private const int Tcp = (int)ProtocolType.Tcp;
    private const int Udp = (int)ProtocolType.Udp;
    private const int Icmp = (int)ProtocolType.Icmp;
    private const int Icmp6 = (int)ProtocolType.IcmpV6;

    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameEnds ends)
    {
        ends = default;
        int at = 12;
        for (int tags = 0; ; tags++)
        {
            if (frame.Length < at + 2)
            {
                return false;
            }

            ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
            at += 2;
            if (type is 0x8100 or 0x88a8 or 0x9100 && tags < TagsMax)
            {
                at += 2;
                continue;
            }

            return type switch
            {
                0x0800 => TryRead4(frame[at..], out ends),
                0x86dd => TryRead6(frame[at..], out ends),
                _ => false,
            };
        }
    }

    private static bool TryRead4(ReadOnlySpan<byte> packet, out FrameEnds ends)
    {
        ends = default;
        if (packet.Length < 20)
        {
            return false;
        }

        bool later = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff) != 0;
        int header = (packet[0] & 15) * 4;
        ends = new(Address.FromBytes(packet.Slice(12, 4)), Address.FromBytes(packet.Slice(16, 4)), later ? null : Port(packet[9], packet, header), packet[9] == Icmp);
        return true;
    }

    private static bool TryRead6(ReadOnlySpan<byte> packet, out FrameEnds ends)
    {
        ends = default;
        if (packet.Length < 40)
        {
            return false;
        }

        ends = new(Address.FromBytes(packet.Slice(8, 16)), Address.FromBytes(packet.Slice(24, 16)), Port(packet[6], packet, 40), packet[6] == Icmp6);
        return true;
    }

    private static ushort? Port(int protocol, ReadOnlySpan<byte> packet, int at) =>
        protocol is Tcp or Udp && packet.Length >= at + 4 ? BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) : null;
}
