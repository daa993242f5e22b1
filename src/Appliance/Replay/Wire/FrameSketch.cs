using System.Buffers.Binary;
using Blackwall.Pipeline.Model;

namespace Blackwall.Replay.Wire;

/// <summary>Who speaks to whom in an Ethernet frame: enough to tell flows apart. The programs judge, this does not.</summary>
public readonly record struct FrameSketch(Address Source, Address Destination, byte Protocol, ushort SourcePort, ushort DestinationPort, byte TcpFlags)
{
    public const byte Tcp = 6;

    private const byte Udp = 17;
    private const byte Syn = 0x02;
    private const byte Ack = 0x10;
    private const int MostExtensions = 8;

    /// <summary>Routers that the packet may still pass: time to live of IPv4, hop limit of IPv6.</summary>
    public byte HopLimit { get; init; }

    /// <summary>The first packet of a handshake.</summary>
    public bool Opens => Protocol == Tcp && (TcpFlags & (Syn | Ack)) == Syn;

    /// <summary>The second packet of a handshake.</summary>
    public bool Answers => Protocol == Tcp && (TcpFlags & (Syn | Ack)) == (Syn | Ack);

    /// <summary>False: no IP, or not to be read. <paramref name="whole"/>: all headers are there, up to the payload.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameSketch sketch, out bool whole)
    {
        sketch = default;
        whole = false;
        if (!LinkLayer.TryNetwork(frame, out ReadOnlySpan<byte> packet, out ushort type))
        {
            return false;
        }

        switch (type)
        {
            case 0x0800:
                return TryReadV4(packet, out sketch, out whole);
            case 0x86dd:
                return TryReadV6(packet, out sketch, out whole);
            default:
                // Nothing in it is looked at, so nothing is missing.
                whole = true;
                return false;
        }
    }

    private static bool TryReadV4(ReadOnlySpan<byte> packet, out FrameSketch sketch, out bool whole)
    {
        sketch = default;
        whole = false;
        if (packet.Length < 20 || packet[0] >> 4 != 4)
        {
            return false;
        }

        int header = (packet[0] & 15) * 4;
        bool later = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1fff) != 0;
        sketch = new FrameSketch { Source = Address.FromBytes(packet.Slice(12, 4)), Destination = Address.FromBytes(packet.Slice(16, 4)), Protocol = packet[9], HopLimit = packet[8] };
        whole = packet.Length >= header;
        if (whole && header >= 20 && !later)
        {
            sketch = sketch.WithTransport(packet[header..], out whole);
        }

        return true;
    }

    private static bool TryReadV6(ReadOnlySpan<byte> packet, out FrameSketch sketch, out bool whole)
    {
        sketch = default;
        whole = false;
        if (packet.Length < 40 || packet[0] >> 4 != 6)
        {
            return false;
        }

        sketch = new FrameSketch { Source = Address.FromBytes(packet.Slice(8, 16)), Destination = Address.FromBytes(packet.Slice(24, 16)), HopLimit = packet[7] };
        byte next = packet[6];
        int at = 40;
        for (int headers = 0; headers < MostExtensions && next is 0 or 43 or 44 or 51 or 60 or 135; headers++)
        {
            if (packet.Length < at + 8)
            {
                sketch = sketch with { Protocol = next };
                return true;
            }

            bool later = next == 44 && BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) >> 3 != 0;
            int length = next switch
            {
                44 => 8,
                51 => (packet[at + 1] + 2) * 4,
                _ => (packet[at + 1] + 1) * 8,
            };
            next = packet[at];
            at += length;
            if (later)
            {
                sketch = sketch with { Protocol = next };
                whole = packet.Length >= at;
                return true;
            }
        }

        sketch = sketch with { Protocol = next };
        if (packet.Length >= at)
        {
            sketch = sketch.WithTransport(packet[at..], out whole);
        }

        return true;
    }

    private FrameSketch WithTransport(ReadOnlySpan<byte> transport, out bool whole)
    {
        int needed = Protocol switch
        {
            Tcp => 20,
            Udp => 8,
            1 or 58 => 8,
            _ => 0,
        };
        whole = transport.Length >= needed;
        if (Protocol is not (Tcp or Udp) || transport.Length < 4)
        {
            return this;
        }

        if (whole && Protocol == Tcp)
        {
            whole = transport.Length >= (transport[12] >> 4) * 4;
        }

        return this with
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(transport),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]),
            TcpFlags = Protocol == Tcp && transport.Length >= 14 ? transport[13] : (byte)0,
        };
    }
}
