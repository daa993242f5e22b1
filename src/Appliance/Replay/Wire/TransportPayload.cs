using System.Buffers.Binary;

namespace Blackwall.Replay.Wire;

/// <summary>What a TCP segment or UDP datagram carries, without the padding of its frame. A fragment that is not the first carries nothing.</summary>
public readonly ref struct TransportPayload
{
    private const byte Udp = 17;
    private const int MostExtensions = 8;

    private TransportPayload(ReadOnlySpan<byte> network, ReadOnlySpan<byte> header, ReadOnlySpan<byte> data, uint sequence, byte tcpFlags)
    {
        Network = network;
        Header = header;
        Data = data;
        Sequence = sequence;
        TcpFlags = tcpFlags;
    }

    /// <summary>The packet from its IP header on.</summary>
    public ReadOnlySpan<byte> Network { get; }

    /// <summary>The TCP header with its options, or the UDP header.</summary>
    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Data { get; }

    /// <summary>TCP sequence number of the first byte; 0 for UDP.</summary>
    public uint Sequence { get; }

    public byte TcpFlags { get; }

    /// <summary>False: neither TCP nor UDP, or not to be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out TransportPayload payload)
    {
        payload = default;
        if (!LinkLayer.TryNetwork(frame, out ReadOnlySpan<byte> packet, out ushort type))
        {
            return false;
        }

        ReadOnlySpan<byte> transport = default;
        byte protocol = 0;
        return type switch
        {
            0x0800 => TryV4(packet, ref transport, ref protocol) && TryTransport(packet, protocol, transport, out payload),
            0x86dd => TryV6(packet, ref transport, ref protocol) && TryTransport(packet, protocol, transport, out payload),
            _ => false,
        };
    }

    private static bool TryV4(ReadOnlySpan<byte> packet, ref ReadOnlySpan<byte> transport, ref byte protocol)
    {
        if (packet.Length < 20 || packet[0] >> 4 != 4)
        {
            return false;
        }

        int header = (packet[0] & 15) * 4;

        // A length of 0 is what a network card writes that cuts segments itself.
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) is var length && length == 0 ? packet.Length : Math.Min(length, packet.Length);
        if (header < 20 || header > total || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff) != 0)
        {
            return false;
        }

        protocol = packet[9];
        transport = packet[header..total];
        return true;
    }

    private static bool TryV6(ReadOnlySpan<byte> packet, ref ReadOnlySpan<byte> transport, ref byte protocol)
    {
        if (packet.Length < 40 || packet[0] >> 4 != 6)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        ReadOnlySpan<byte> rest = packet[40..(length == 0 ? packet.Length : Math.Min(packet.Length, 40 + length))];
        byte next = packet[6];
        for (int headers = 0; headers < MostExtensions && next is 0 or 43 or 44 or 51 or 60 or 135; headers++)
        {
            if (rest.Length < 8 || (next == 44 && BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) >> 3 != 0))
            {
                return false;
            }

            int size = next switch
            {
                44 => 8,
                51 => (rest[1] + 2) * 4,
                _ => (rest[1] + 1) * 8,
            };
            if (size > rest.Length)
            {
                return false;
            }

            next = rest[0];
            rest = rest[size..];
        }

        protocol = next;
        transport = rest;
        return true;
    }

    private static bool TryTransport(ReadOnlySpan<byte> packet, byte protocol, ReadOnlySpan<byte> transport, out TransportPayload payload)
    {
        payload = default;
        if (protocol == FrameSketch.Tcp && transport.Length >= 20 && (transport[12] >> 4) * 4 is >= 20 and var header && header <= transport.Length)
        {
            payload = new TransportPayload(packet, transport[..header], transport[header..], BinaryPrimitives.ReadUInt32BigEndian(transport[4..]), transport[13]);
            return true;
        }

        if (protocol == Udp && transport.Length >= 8)
        {
            payload = new TransportPayload(packet, transport[..8], transport[8..], 0, 0);
            return true;
        }

        return false;
    }
}
