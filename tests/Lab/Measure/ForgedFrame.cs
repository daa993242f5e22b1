using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Blackwall.Lab.Measure;

/// <summary>One Ethernet frame with an IPv4 or IPv6 packet whose source is whatever the maker says.</summary>
public static class ForgedFrame
{
    private const int Ethernet = 14;
    private const int Header4 = 20;
    private const int Header6 = 40;
    private const int TcpHeader = 20;
    private const int UdpHeader = 8;
    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;

    /// <param name="router">Where the frame goes.</param>
    /// <param name="from">Said to be the sender; the family of the frame is that of its address.</param>
    /// <param name="to">Receiver.</param>
    /// <param name="flags">FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32.</param>
    /// <param name="sequence">Sequence number.</param>
    /// <param name="acknowledgement">Acknowledgement number.</param>
    /// <param name="payload">Data.</param>
    /// <param name="wrongChecksum">The checksum of the segment is off by one.</param>
    public static byte[] Tcp(PhysicalAddress router, IPEndPoint from, IPEndPoint to, byte flags, uint sequence, uint acknowledgement, ReadOnlySpan<byte> payload = default, bool wrongChecksum = false)
    {
        var frame = Begin(router, from.Address, to.Address, TcpProtocol, TcpHeader + payload.Length);
        var tcp = frame.AsSpan(^(TcpHeader + payload.Length)..);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], acknowledgement);
        tcp[12] = TcpHeader / 4 << 4;
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 64_240);
        payload.CopyTo(tcp[TcpHeader..]);
        var sum = Checksum(from.Address, to.Address, TcpProtocol, tcp);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], (ushort)(wrongChecksum ? sum + 1 : sum));
        return frame;
    }

    public static byte[] Udp(PhysicalAddress router, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> payload)
    {
        var frame = Begin(router, from.Address, to.Address, UdpProtocol, UdpHeader + payload.Length);
        var udp = frame.AsSpan(^(UdpHeader + payload.Length)..);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[UdpHeader..]);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], Checksum(from.Address, to.Address, UdpProtocol, udp));
        return frame;
    }

    private static byte[] Begin(PhysicalAddress router, IPAddress from, IPAddress to, byte protocol, int length)
    {
        var v6 = from.AddressFamily == AddressFamily.InterNetworkV6;
        var frame = new byte[Ethernet + (v6 ? Header6 : Header4) + length];
        router.GetAddressBytes().CopyTo(frame, 0);
        frame[6] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), v6 ? (ushort)0x86dd : (ushort)0x0800);
        var ip = frame.AsSpan(Ethernet);
        if (v6)
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)length);
            ip[6] = protocol;
            ip[7] = 64;
            from.GetAddressBytes().CopyTo(ip[8..]);
            to.GetAddressBytes().CopyTo(ip[24..]);
            return frame;
        }

        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(Header4 + length));
        ip[8] = 64;
        ip[9] = protocol;
        from.GetAddressBytes().CopyTo(ip[12..]);
        to.GetAddressBytes().CopyTo(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Fold(Sum(ip[..Header4])));
        return frame;
    }

    // RFC 9293 §3.1, RFC 768, RFC 8200 §8.1: over both addresses, the protocol, the length and the segment.
    private static ushort Checksum(IPAddress from, IPAddress to, byte protocol, ReadOnlySpan<byte> segment) =>
        Fold(Sum(from.GetAddressBytes()) + Sum(to.GetAddressBytes()) + protocol + (uint)segment.Length + Sum(segment));

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += i + 1 < bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]) : (uint)bytes[i] << 8;
        }

        return sum;
    }

    private static ushort Fold(uint sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
