using System.Buffers.Binary;
using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel.Tests.Reference;

/// <summary>
/// The documented verdict on a frame's form, written from the RFCs and not from bpf/: what the programs are held against. No policy, no
/// limits, no tracking.
/// </summary>
public static class ReferenceJudge
{
    public static Reason Judge(ReadOnlySpan<byte> frame)
    {
        int at = 12;
        for (int tags = 0; ; tags++)
        {
            if (at + 2 > frame.Length)
            {
                return Reason.PassNotIp;
            }

            ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
            at += 2;
            if (type is 0x8100 or 0x88a8 or 0x9100 && tags < 2)
            {
                if (at + 4 > frame.Length)
                {
                    return Reason.PassNotIp;
                }

                at += 2;
                continue;
            }

            return type switch
            {
                0x0800 => Ipv4(frame[at..]),
                0x86dd => Ipv6(frame[at..]),
                _ => Reason.PassNotIp,
            };
        }
    }

    private static Reason Ipv4(ReadOnlySpan<byte> ip)
    {
        if (ip.Length < 20)
        {
            return Reason.DropMalformedIp;
        }

        if (ip[12] == 127 || ip[12] >= 224 || (ip[12] == 0 && ip.Slice(12, 4).ContainsAnyExcept((byte)0)))
        {
            return Reason.DropMartian;
        }

        int header = (ip[0] & 15) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (ip[0] >> 4 != 4 || header < 20 || total < header || total > ip.Length)
        {
            return Reason.DropMalformedIp;
        }

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(ip[6..]);
        int offset = fragment & 0x1fff;
        bool more = (fragment & 0x2000) != 0;
        if (offset > 0)
        {
            return ip[9] == 6 && offset == 1 ? Reason.DropFragmentOverlap : Reason.DropFragmentOrphan;
        }

        return Transport(ip[9], ip[header..total], more);
    }

    private static Reason Ipv6(ReadOnlySpan<byte> ip)
    {
        if (ip.Length < 40)
        {
            return Reason.DropMalformedIp;
        }

        Reason form = Walk(ip, out byte protocol, out ReadOnlySpan<byte> rest, out bool first);
        byte hopLimit = ip[7];
        if (form == Reason.PassDefault && protocol == 58 && !first && rest.Length >= 4)
        {
            bool discovery = rest[0] is >= 133 and <= 137 && hopLimit == 255;
            bool listener = rest[0] is (>= 130 and <= 132) or 143 && hopLimit == 1;
            if (discovery || listener)
            {
                return Reason.PassNeighbour;
            }
        }

        if (ip[8] == 0xff || (!ip.Slice(8, 15).ContainsAnyExcept((byte)0) && ip[23] == 1))
        {
            return Reason.DropMartian;
        }

        return form != Reason.PassDefault ? form : Transport(protocol, rest, first);
    }

    private static Reason Walk(ReadOnlySpan<byte> ip, out byte protocol, out ReadOnlySpan<byte> rest, out bool first)
    {
        protocol = ip[6];
        rest = default;
        first = false;
        int end = 40 + BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);
        if (ip[0] >> 4 != 6 || end > ip.Length)
        {
            return Reason.DropMalformedIp;
        }

        int at = 40;
        for (int headers = 0; headers < 8; headers++)
        {
            if (protocol is not (0 or 43 or 44 or 51 or 60 or 135))
            {
                rest = ip[at..end];
                return Reason.PassDefault;
            }

            if (at + 8 > ip.Length)
            {
                return Reason.DropMalformedIp;
            }

            byte type = protocol;
            protocol = ip[at];
            if (type == 44)
            {
                int place = BinaryPrimitives.ReadUInt16BigEndian(ip[(at + 2)..]);
                if ((place & 0xfff8) != 0)
                {
                    return protocol == 6 && place >> 3 == 1 ? Reason.DropFragmentOverlap : Reason.DropFragmentOrphan;
                }

                first |= (place & 1) != 0;
                at += 8;
            }
            else
            {
                at += type == 51 ? (ip[at + 1] + 2) * 4 : (ip[at + 1] + 1) * 8;
            }

            if (at > end)
            {
                return Reason.DropMalformedIp;
            }
        }

        return Reason.DropExtChain;
    }

    private static Reason Transport(byte protocol, ReadOnlySpan<byte> l4, bool first)
    {
        Reason cut = first ? Reason.DropFragmentTiny : Reason.DropMalformedL4;
        switch (protocol)
        {
            case 6:
                if (l4.Length < 20)
                {
                    return cut;
                }

                int header = (l4[12] >> 4) * 4;
                if (header < 20)
                {
                    return Reason.DropMalformedL4;
                }

                if (header > l4.Length)
                {
                    return cut;
                }

                byte flags = l4[13];
                bool syn = (flags & 2) != 0, fin = (flags & 1) != 0, rst = (flags & 4) != 0, ack = (flags & 16) != 0;
                bool impossible = syn ? fin || rst : rst ? fin : !ack;
                return impossible ? Reason.DropTcpFlags : Reason.PassDefault;
            case 17:
                if (l4.Length < 8)
                {
                    return cut;
                }

                int length = BinaryPrimitives.ReadUInt16BigEndian(l4[4..]);
                return length < 8 || (!first && length > l4.Length) ? Reason.DropMalformedL4 : Reason.PassDefault;
            case 1 or 58:
                return l4.Length < 4 ? cut : Reason.PassDefault;
            default:
                return Reason.PassDefault;
        }
    }
}
